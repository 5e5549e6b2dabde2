//! The large view and the square that the model sees.

use conch_shared::preprocess::crop::Square;

use crate::state::Phase;

pub(crate) const STAGE: &str = "The photo and what the model sees of it";
pub(crate) const ALL_PHOTOS: &str = "All photos";
pub(crate) const NOT_HERE: &str = "The photo of this address is not here: photos go when the page is closed or loaded anew. Add it once more.";
pub(crate) const PREVIOUS: &str = "Previous photo";
pub(crate) const NEXT: &str = "Next photo";
pub(crate) const FRAME: &str = "The square that the model sees";
pub(crate) const FRAME_ROLE: &str = "movable square";
pub(crate) const FRAME_HELP: &str = "The arrow keys move it, with Shift in large steps. Plus makes it larger, minus smaller, 0 puts it back.";
pub(crate) const SMALLER: &str = "Smaller square";
pub(crate) const LARGER: &str = "Larger square";
pub(crate) const MOVE_LEFT: &str = "Move the square left";
pub(crate) const MOVE_RIGHT: &str = "Move the square right";
pub(crate) const MOVE_UP: &str = "Move the square up";
pub(crate) const MOVE_DOWN: &str = "Move the square down";
pub(crate) const RESET: &str = "Reset";

pub(crate) const DRAG: &str = "Drag it, or a corner: the answer follows.";

/// Which square the model sees: its own, or one that somebody chose; of a photo of `size`, and made
/// `crop` pixels wide and high.
pub(crate) fn note(square: Square, is_own: bool, size: (u32, u32), crop: u32) -> String {
    let Square { left, top, side } = square;
    let (width, height) = size;
    match is_own {
        true => format!(
            "The model sees the square in the middle, {side} × {side} of {width} × {height} pixels, as {crop} × {crop}."
        ),
        false => {
            format!("Your square: {side} × {side} pixels at {left}, {top}, as {crop} × {crop}.")
        }
    }
}

/// The switch for the pixels that were sent.
pub(crate) fn show_pixels(crop: u32) -> String {
    format!("Show the {crop} × {crop} pixels that were sent")
}

/// The pixels that were sent, as a picture.
pub(crate) fn pixels(crop: u32) -> String {
    format!("What the model sees: {crop} × {crop} pixels")
}

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
