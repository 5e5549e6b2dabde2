//! Another square of a photo for the model, while somebody drags it and after.

use std::time::Duration;

use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

use super::Desk;
use crate::state::{Phase, PhotoId};

/// How long a square must lie still until its answer is spoken.
const REST: Duration = Duration::from_millis(600);

impl Desk {
    /// Shows the model another square of the photo; `None` is the recipe's centre crop. The latest one
    /// counts: what the worker or the server has of an earlier one goes on, and the photo is asked
    /// about once more after it. The photo goes before all others.
    pub(crate) fn reframe(self, id: PhotoId, square: Option<Square>) {
        let Some(photo) = self.store.photo(id) else {
            return;
        };
        self.keep_moving(id);
        photo.square.set(square);
        self.with(|inner| inner.schedule.prefer(id));
        let phase = photo.phase.get_untracked();
        if phase.is_settled() || phase == Phase::Waiting {
            self.ask_again_where_changed(id);
            self.begin_what_can_begin();
        }
    }

    /// Puts a photo in line once more when another square was chosen since.
    pub(super) fn ask_again_where_changed(self, id: PhotoId) {
        let square = self.square(id);
        let shown = self.with(|inner| inner.files.get(id).map(|kept| kept.square()));
        if shown.is_some_and(|shown| shown != square) {
            self.enqueue(id);
        }
    }

    /// Whether the answers for a photo are passing: there will be another one in no time.
    pub(super) fn is_moving(self, id: PhotoId) -> bool {
        self.with(|inner| inner.moving.is_some_and(|(moving, _)| moving == id))
    }

    /// A photo that goes moves no more.
    pub(super) fn stop_moving(self, id: PhotoId) {
        self.with(|inner| {
            if let Some((_, timer)) = inner.moving.take_if(|(moving, _)| *moving == id) {
                timer.clear();
            }
        });
    }

    fn keep_moving(self, id: PhotoId) {
        // Another photo's square rests as soon as this one's moves.
        if let Some((before, timer)) = self.with(|inner| inner.moving.take()) {
            timer.clear();
            if before != id {
                self.speak_later(before);
            }
        }
        let rests = move || {
            self.stop_moving(id);
            self.speak_later(id);
            self.begin_what_can_begin();
        };
        let timer = set_timeout_with_handle(rests, REST).ok();
        self.with(|inner| inner.moving = timer.map(|timer| (id, timer)));
    }
}
