//! The first label, told to who does not look: by a screen reader, by the device's own voice, by a tick
//! of its motor. Only once it has settled, and not at each frame.

use std::time::Duration;

use leptos::prelude::*;

use super::super::session::Stage;
use super::Live;
use crate::services::feedback;
use crate::text::camera as say;

/// How long a first label stays before it is told.
const SETTLED: Duration = Duration::from_millis(1000);

/// Tells it, in the current owner, with which the voice ends.
pub(super) fn tell(live: Live, spoken: RwSignal<String>) {
    let settings = live.store.settings;
    let label = settled(live);
    let is_aloud = Memo::new(move |_| settings.with(|it| it.speak) && feedback::can_speak());
    let is_on = Memo::new(move |_| live.session.stage.get() == Stage::Running);
    Effect::new(move |before: Option<Option<String>>| {
        let now = label.get();
        if before.flatten() == now {
            return now;
        }
        // Not tracked: a voice that is switched on says the next label.
        let is_aloud = is_aloud.get_untracked();
        match &now {
            None => feedback::hush(),
            Some(label) => {
                if settings.with_untracked(|it| it.tick) {
                    feedback::tick();
                }
                match is_aloud {
                    // Not by both: who hears this page's voice needs no screen reader for the label.
                    true => feedback::speak(label),
                    false => spoken.set(say::sees(label)),
                }
            }
        }
        now
    });
    Effect::new(move || {
        if !is_aloud.get() || !is_on.get() {
            feedback::hush();
        }
    });
    on_cleanup(feedback::hush);
}

/// The first label that has stayed for a while; none before, and none without labels.
fn settled(live: Live) -> ReadSignal<Option<String>> {
    let first = Memo::new(move |_| {
        live.best
            .with(|best| best.first().map(|it| it.label.clone()))
    });
    let (settled, settle) = signal(None);
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        timer.flatten().inspect(TimeoutHandle::clear);
        let Some(label) = first.get() else {
            settle.set(None);
            return None;
        };
        let stays = move || {
            if first.try_get_untracked().flatten().as_ref() == Some(&label) {
                settle.set(Some(label));
            }
        };
        set_timeout_with_handle(stays, SETTLED).ok()
    });
    settled
}
