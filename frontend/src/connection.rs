//! Notices that the server is away, and that it is back.
//!
//! While it is here a glance now and then is enough; while it is away, has no model that answers, or the
//! browser says that there is no network, it is asked after 2 s, then ever more seldom, up to every
//! 15 s. A page that nobody looks at does not ask.

use std::time::Duration;

use conch_shared::api::ModelList;
use futures_channel::oneshot;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::services::api;
use crate::state::{Phase, Server, Store};
use crate::text;

/// The version that this page was built as.
pub(crate) const PAGE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What tells this build of the page from others; the build writes it into the page.
pub(crate) fn page_build() -> Option<String> {
    let named = document().query_selector("meta[name=conch-build]");
    named.ok()??.get_attribute("content")
}

/// What an answer takes at most, usually: the queue of a class of thirty is through before.
const USUAL: Duration = Duration::from_secs(5);
/// Between two glances while the server is here.
const CALM: Duration = Duration::from_secs(20);
/// The same while somebody looks at the way onto a phone: an address may change.
const WATCHED: Duration = Duration::from_secs(5);
/// The first wait, and the longest, while it is away.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(15);

/// How long to wait after `previous`, while the server is away.
fn backoff(previous: Duration) -> Duration {
    (previous * 3 / 2).clamp(FIRST, LONGEST)
}

#[derive(Clone, Copy)]
struct Connection {
    store: Store,
    timer: StoredValue<Option<TimeoutHandle>>,
    wait: StoredValue<Duration>,
    asking: StoredValue<bool>,
    /// Whether something happened since that the answer may not know of.
    again: StoredValue<bool>,
    /// Whether somebody looks at the models, and wants them as they are now.
    models_wanted: StoredValue<bool>,
    /// Whether somebody looks at the way onto a phone.
    is_phone_shown: Memo<bool>,
}

/// Watches the server until the owner is cleaned up.
pub(crate) fn watch(store: Store, navigation: Navigation) {
    let shown = |sheet| navigation.part(move |place| place.sheet == Some(sheet));
    let (models_shown, is_phone_shown) = (shown(Sheet::Models), shown(Sheet::Phone));
    let connection = Connection {
        store,
        timer: StoredValue::new(None),
        wait: StoredValue::new(Duration::ZERO),
        asking: StoredValue::new(false),
        again: StoredValue::new(false),
        models_wanted: StoredValue::new(false),
        is_phone_shown,
    };
    Effect::new(move || {
        if models_shown.get() {
            connection.models_wanted.set_value(true);
            connection.ask();
        }
    });
    Effect::new(move || {
        if is_phone_shown.get() {
            connection.ask();
        }
    });
    // Whoever finds the server away says so in the store.
    Effect::new(move |was_here: Option<bool>| {
        let (is_here, is_away) = store.server.with(|server| match server {
            Server::Here(_) => (true, false),
            Server::Unknown => (false, false),
            Server::Away => (false, true),
        });
        if was_here != Some(is_here) {
            connection.wait.set_value(Duration::ZERO);
            match is_away {
                true => connection.ask_later(),
                // Its model was not there: the server itself knows more.
                false if was_here == Some(true) => connection.ask(),
                false => {}
            }
        }
        is_here
    });
    let listeners = [
        window_event_listener_untyped("online", move |_| connection.network_changed()),
        window_event_listener_untyped("offline", move |_| connection.network_changed()),
        window_event_listener(ev::visibilitychange, move |_| {
            if is_visible() {
                connection.ask();
            }
        }),
    ];
    on_cleanup(move || {
        listeners.into_iter().for_each(WindowListenerHandle::remove);
        connection.stop_timer();
    });
    connection.ask();
}

impl Connection {
    /// The browser says so before a request meets it, at times: one that gets through at once says
    /// nothing of the next, so that it is asked again soon.
    fn network_changed(self) {
        self.wait.set_value(Duration::ZERO);
        self.ask();
    }

    /// Asks now; where it is asking already, once more when that is answered.
    fn ask(self) {
        self.stop_timer();
        if self.asking.get_value() {
            return self.again.set_value(true);
        }
        self.asking.set_value(true);
        spawn_local(async move {
            let server = self.hear().await;
            self.asking.set_value(false);
            if self.store.server.get_untracked() != server {
                self.store.server.set(server);
            }
            match self.again.try_update_value(std::mem::take) {
                Some(true) => self.ask(),
                _ => self.ask_later(),
            }
        });
    }

    /// The server as it is now. The models are asked for when it is new or back, when the one that
    /// should answer does not, when it was started anew or its replicas came or went, and when
    /// somebody looks at them.
    async fn hear(self) -> Server {
        // At first both are asked for at once: the first photo waits for them.
        let is_first = self.store.server.with_untracked(|s| *s == Server::Unknown);
        let early = is_first.then(begin_models);
        let Ok(status) = api::status().await else {
            return Server::Away;
        };
        let same = |server: &Server| match server {
            Server::Here(known) => {
                known.backend == status.backend && known.uptime_seconds <= status.uptime_seconds
            }
            Server::Unknown | Server::Away => false,
        };
        let is_lost = || self.store.catalogue.with_untracked(|c| c.lost().is_some());
        let wanted = self.models_wanted.get_value() || self.has_no_model() || is_lost();
        if !self.store.server.with_untracked(same) || wanted {
            let list = match early {
                Some(models) => models.await,
                None => api::models().await.ok(),
            };
            let Some(list) = list else {
                return Server::Away;
            };
            self.models_wanted.set_value(false);
            self.store
                .catalogue
                .update(|catalogue| *catalogue = catalogue.renewed(list));
        }
        Server::Here(Box::new(status))
    }

    fn has_no_model(self) -> bool {
        self.store.catalogue.with_untracked(|c| c.chosen.is_none())
    }

    fn ask_later(self) {
        self.stop_timer();
        let away = self.store.server.with_untracked(|s| *s == Server::Away);
        let impatient = away || self.has_no_model() || !window().navigator().on_line();
        let wait = match impatient {
            true => backoff(self.wait.get_value()),
            false if self.is_phone_shown.get_untracked() => WATCHED,
            false => CALM,
        };
        self.wait
            .set_value(if impatient { wait } else { Duration::ZERO });
        let ask = move || match is_visible() {
            true => self.ask(),
            false => self.ask_later(),
        };
        self.timer
            .set_value(set_timeout_with_handle(ask, wait).ok());
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Asks for the models; what comes of it is there for whoever waits for it.
fn begin_models() -> impl Future<Output = Option<ModelList>> {
    let (sender, models) = oneshot::channel();
    spawn_local(async move {
        // Nobody waits any more where the server is away.
        _ = sender.send(api::models().await.ok());
    });
    async { models.await.ok().flatten() }
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Whether the device has a network at all, as far as the browser knows; followed until the owner is
/// cleaned up.
pub(crate) fn is_online() -> ReadSignal<bool> {
    let (is_online, set_online) = signal(window().navigator().on_line());
    let listeners = [("online", true), ("offline", false)]
        .map(|(event, now)| window_event_listener_untyped(event, move |_| set_online.set(now)));
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    is_online
}

/// What a photo says while it is on the way; `None` once it is settled. A server that takes long is
/// said, too.
pub(crate) fn under_way(
    phase: ArcRwSignal<Phase>,
    server_here: Signal<bool>,
) -> Signal<Option<&'static str>> {
    let asking = phase.clone();
    let is_asking = Memo::new(move |_| asking.with(|phase| *phase == Phase::Asking));
    let slow = Memo::new(move |_| is_asking.get().then(is_slow));
    Signal::derive(move || {
        let here = server_here.get();
        match here && slow.get().is_some_and(|slow| slow.get()) {
            true => Some(text::SLOW),
            false => phase.with(|phase| text::under_way(phase, here)),
        }
    })
}

/// Turns true when an answer takes longer than usual; for as long as the owner lives.
fn is_slow() -> ReadSignal<bool> {
    let (is_slow, set_slow) = signal(false);
    let timer = set_timeout_with_handle(move || set_slow.set(true), USUAL).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
    is_slow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_server_is_asked_ever_more_seldom() {
        let waits = std::iter::successors(Some(backoff(Duration::ZERO)), |w| Some(backoff(*w)));
        let seconds: Vec<f64> = waits.take(7).map(|w| w.as_secs_f64()).collect();
        assert_eq!(seconds, [2.0, 3.0, 4.5, 6.75, 10.125, 15.0, 15.0]);
    }
}
