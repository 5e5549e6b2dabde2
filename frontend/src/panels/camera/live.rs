//! Labels over the moving picture: the latest frame alone is asked about, one at a time, for as long
//! as somebody looks. The next one is prepared while the server answers, just in time.

use std::rc::Rc;
use std::time::Duration;

use conch_shared::label::Prediction;
use conch_shared::model::ModelSpec;
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlVideoElement;

use super::session::{Session, Stage};
use crate::camera::Mode;
use crate::camera::pace::{self, Hints};
use crate::camera::rate::{Rate, Speed};
use crate::camera::smoothing::Smoothing;
use crate::desk::Desk;
use crate::input::camera::frame::{self, Canvas};
use crate::patience::{self, PATIENCE};
use crate::protocol::Prepared;
use crate::services::api::{self, ApiError};
use crate::services::http::Canceller;
use crate::services::power::Power;
use crate::services::resource_timing::now_ms;
use crate::state::{Server, Store, UserError};
use crate::text::camera as say;

/// Labels that are shown.
pub(super) const SHOWN: usize = 3;
/// Between two looks at what may have changed, milliseconds: is the server back, is there a picture?
const GLANCE_MS: f64 = 250.0;
/// After an error that may be the frame's own, milliseconds.
const AFTER_ERROR_MS: f64 = 1000.0;
/// Between two times that the speed is written, milliseconds: numbers that can be read.
const WRITTEN_MS: f64 = 500.0;
/// How long a first label stays before it is spoken.
const SETTLED: Duration = Duration::from_millis(1000);

/// A handle to the live labels of this sheet.
#[derive(Clone, Copy)]
pub(super) struct Live {
    session: Session,
    store: Store,
    desk: Desk,
    /// The best, the first one first.
    pub(super) best: RwSignal<Vec<Prediction>>,
    /// How fast it goes.
    pub(super) speed: RwSignal<Option<Speed>>,
    /// Why there are no new labels, in a sentence.
    pub(super) news: RwSignal<Option<String>>,
    /// Whether the device is spared.
    pub(super) saves: RwSignal<bool>,
    /// What is under way; aborted when the sheet is left.
    request: StoredValue<Option<Canceller>, LocalStorage>,
    /// Which run this is: an earlier one ends.
    run: StoredValue<u32>,
}

impl Live {
    /// Runs while the mode is live, the camera shows a picture, and the picture moves; in the current
    /// owner, with which it ends.
    pub(super) fn new(
        session: Session,
        mode: RwSignal<Mode>,
        is_frozen: RwSignal<bool>,
        spoken: RwSignal<String>,
    ) -> Self {
        let live = Self {
            session,
            store: expect_context(),
            desk: expect_context(),
            best: RwSignal::new(Vec::new()),
            speed: RwSignal::new(None),
            news: RwSignal::new(None),
            saves: RwSignal::new(false),
            request: StoredValue::new_local(None),
            run: StoredValue::new(0),
        };
        let is_live = Memo::new(move |_| mode.get() == Mode::Live);
        let is_on = Memo::new(move |_| {
            is_live.get() && session.stage.get() == Stage::Running && !is_frozen.get()
        });
        Effect::new(move || {
            live.run.update_value(|it| *it += 1);
            if is_on.get() {
                live.begin(live.run.get_value());
            }
        });
        Effect::new(move || {
            if !is_live.get() {
                live.best.set(Vec::new());
                live.speed.set(None);
                live.news.set(None);
            }
        });
        live.speak(spoken);
        live
    }

    /// Says the first label once it has settled, not at each frame.
    fn speak(self, spoken: RwSignal<String>) {
        let first = Memo::new(move |_| {
            let first = |best: &Vec<Prediction>| best.first().map(|it| it.label.clone());
            self.best.with(first)
        });
        Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
            if let Some(timer) = timer.flatten() {
                timer.clear();
            }
            let label = first.get()?;
            let say = move || {
                if first.try_get_untracked().flatten().as_ref() == Some(&label) {
                    spoken.set(say::sees(&label));
                }
            };
            set_timeout_with_handle(say, SETTLED).ok()
        });
    }

    fn begin(self, run: u32) {
        let Some(video) = self.session.video.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let Some(canvas) = Canvas::new().map(Rc::new) else {
                return self.news.set(Some(say::NO_CANVAS.to_owned()));
            };
            let source = Source { video, canvas };
            let power = Power::ask().await;
            let mut seen = Seen::default();
            while self.is_current(run) {
                let began = now_ms();
                let hints = power.hints();
                match self.ask(run, &source, hints, &mut seen).await {
                    _ if !self.is_current(run) => return,
                    Ok(()) => {
                        seen.refusals = 0;
                        self.say(None);
                        if self.saves.get_untracked() != hints.saves() {
                            self.saves.set(hints.saves());
                        }
                        patience::pause(pace::rest(now_ms() - began, hints)).await;
                    }
                    Err(wait) => {
                        // It would be old when its turn comes.
                        seen.ahead = None;
                        self.wait(wait, &mut seen).await;
                    }
                }
            }
        });
    }

    /// One frame, from picture to label.
    async fn ask(
        self,
        run: u32,
        source: &Source,
        hints: Hints,
        seen: &mut Seen,
    ) -> Result<(), Wait> {
        let is_here = |server: &Server| matches!(server, Server::Here(_));
        if !self.store.server.with_untracked(is_here) {
            return Err(Wait::Glance(Some(say::AWAY)));
        }
        let model = self.store.catalogue.with_untracked(|c| c.spec().cloned());
        let model = model.ok_or(Wait::Glance(Some(say::NO_MODEL)))?;
        if seen.model != model.name {
            *seen = Seen {
                model: model.name.clone(),
                ..Seen::default()
            };
        }
        let ready = match seen.ahead.take() {
            Some(ahead) => ahead.await.unwrap_or(Err(Wait::Glance(None))),
            None => self.prepare(source.clone(), model.clone()).await,
        }?;
        if let Some(answer_ms) = seen.answer_ms.filter(|_| !hints.saves()) {
            let (tell, ahead) = oneshot::channel();
            let prepare = self.prepare(source.clone(), model.clone());
            let lead = pace::lead(answer_ms, ready.took_ms);
            spawn_local(async move {
                patience::pause(lead).await;
                // Nobody listens when the sheet was left.
                _ = tell.send(prepare.await);
            });
            seen.ahead = Some(ahead);
        }
        let canceller = Canceller::new().ok_or(Wait::Glance(None))?;
        let controller = canceller.controller();
        self.request.try_set_value(Some(canceller));
        let send = self.store.settings.with_untracked(|it| it.send);
        // A frame is no photo with a receipt; what it sent is counted by the rate.
        let count = |_| {};
        let answered = api::classify(&model, &ready.prepared.tensor, send, count, controller).await;
        if !self.is_current(run) {
            return Ok(());
        }
        let answered = answered?;
        let (now, sent) = (now_ms(), answered.exchange);
        let bytes = sent.header_bytes + sent.tensor_bytes + sent.answer_bytes;
        seen.answer_ms = Some(answered.took);
        seen.smoothing.add(&answered.predictions, now);
        seen.rate.add(now, now - ready.seen_ms, bytes);
        self.best.set(seen.smoothing.best(SHOWN));
        if now - seen.written_ms >= WRITTEN_MS {
            seen.written_ms = now;
            self.speed.set(seen.rate.speed());
        }
        Ok(())
    }

    /// The next frame as a tensor.
    async fn prepare(self, source: Source, model: ModelSpec) -> Result<Ready, Wait> {
        let began = now_ms();
        frame::next(&source.video).await;
        let seen_ms = now_ms();
        let frame = source.canvas.square(&source.video);
        let frame = frame.ok_or(Wait::Glance(None))?;
        let prepared = self.desk.frame(frame, &model.recipe).await;
        let prepared = prepared.map_err(Wait::Failed)?;
        Ok(Ready {
            prepared,
            seen_ms,
            took_ms: now_ms() - began,
        })
    }

    async fn wait(self, wait: Wait, seen: &mut Seen) {
        match wait {
            Wait::Glance(why) => {
                if why.is_some() {
                    self.say(why.map(str::to_owned));
                    self.speed.set(None);
                }
                patience::pause(GLANCE_MS).await;
            }
            // Whoever finds the server away says so; it is looked after from there.
            Wait::Away(server) => self.store.server.set(server),
            Wait::Busy => {
                self.say(Some(say::BUSY.to_owned()));
                let at = seen.refusals.min(PATIENCE.len() - 1);
                seen.refusals += 1;
                patience::about(PATIENCE[at]).await;
            }
            Wait::Failed(UserError(why)) => {
                self.say(Some(why));
                patience::pause(AFTER_ERROR_MS).await;
            }
        }
    }

    fn say(self, news: Option<String>) {
        if self.news.try_get_untracked().is_some_and(|it| it != news) {
            self.news.set(news);
        }
    }

    fn is_current(self, run: u32) -> bool {
        self.run.try_get_value() == Some(run)
    }
}

/// Where frames come from.
#[derive(Clone)]
struct Source {
    video: HtmlVideoElement,
    canvas: Rc<Canvas>,
}

/// A frame that can be asked about.
struct Ready {
    prepared: Prepared,
    /// When the camera showed it.
    seen_ms: f64,
    /// From the wait for it on, milliseconds.
    took_ms: f64,
}

/// What one run has seen.
#[derive(Default)]
struct Seen {
    model: String,
    /// How long the last answer took.
    answer_ms: Option<f64>,
    /// The next frame, which is being prepared.
    ahead: Option<oneshot::Receiver<Result<Ready, Wait>>>,
    smoothing: Smoothing,
    rate: Rate,
    written_ms: f64,
    refusals: usize,
}

/// Why a frame has no label, and what to wait for.
enum Wait {
    /// What is needed is not there for now; why, where it is worth saying.
    Glance(Option<&'static str>),
    /// The server, or its model.
    Away(Server),
    /// The server has more to do than it can.
    Busy,
    /// It did not work out.
    Failed(UserError),
}

impl From<ApiError> for Wait {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Cancelled => Self::Glance(None),
            ApiError::ServerAway => Self::Away(Server::Away),
            ApiError::ModelAway => Self::Away(Server::Unknown),
            ApiError::Busy(_) => Self::Busy,
            ApiError::Failed(error) => Self::Failed(error),
        }
    }
}
