//! Labels over the moving picture: the latest frame alone is asked about, for as long as somebody
//! looks. The first label, once it has settled, is also told without being looked at.

mod run;
mod told;

use conch_shared::label::Prediction;
use leptos::prelude::*;

use super::session::{Session, Stage};
use crate::camera::Mode;
use crate::camera::pace::FrameId;
use crate::camera::rate::Speed;
use crate::desk::Desk;
use crate::services::http::Canceller;
use crate::state::Store;

/// Labels that are shown.
pub(super) const SHOWN: usize = 3;

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
    /// What is under way; aborted when the run ends, and when the sheet is left.
    requests: StoredValue<Vec<(FrameId, Canceller)>, LocalStorage>,
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
            requests: StoredValue::new_local(Vec::new()),
            run: StoredValue::new(0),
        };
        let is_live = Memo::new(move |_| mode.get() == Mode::Live);
        let is_on = Memo::new(move |_| {
            is_live.get() && session.stage.get() == Stage::Running && !is_frozen.get()
        });
        Effect::new(move || {
            live.run.update_value(|it| *it += 1);
            live.requests.update_value(Vec::clear);
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
        told::tell(live, spoken);
        live
    }

    /// Whether this run is still the one.
    fn is_current(self, run: u32) -> bool {
        self.run.try_get_value() == Some(run)
    }
}
