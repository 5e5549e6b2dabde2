//! The model's numbers.

use leptos::prelude::*;

use crate::state::Photo;

/// The model's numbers.
#[component]
pub(crate) fn Logits(photo: Photo) -> impl IntoView {
    _ = photo;
}
