//! The laboratory: every step from photo to label, with its numbers.

use leptos::prelude::*;

use crate::state::Photo;

/// The laboratory: every step from photo to label, with its numbers.
#[component]
pub(crate) fn Inside(photo: Photo) -> impl IntoView {
    _ = photo;
}
