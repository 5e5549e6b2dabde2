//! The large view and the square that the model sees.

use crate::state::Phase;

pub(crate) const STAGE: &str = "The photo and what the model sees of it";
pub(crate) const ALL_PHOTOS: &str = "All photos";
pub(crate) const PREVIOUS: &str = "Previous photo";
pub(crate) const NEXT: &str = "Next photo";

/// Which photo it is, counted from 0, and of how many.
pub(crate) fn position(at: usize, count: usize) -> String {
    format!("{} of {count}", at + 1)
}

/// What a screen reader says when one went to another photo.
pub(crate) fn arrived(name: &str, at: usize, count: usize) -> String {
    format!("{name}, {}.", position(at, count))
}

/// A sign in the corner of a photo that has no labels, and the words for it.
pub(crate) fn sign(phase: &Phase) -> Option<(&'static str, &'static str)> {
    match phase {
        Phase::Waiting | Phase::Preparing | Phase::Asking => Some(("…", "under way")),
        Phase::Failed(_) => Some(("!", "failed")),
        Phase::Done(_) => None,
    }
}
