//! Its shortest side made the recipe's.

use leptos::prelude::*;

use crate::state::Photo;

/// The photo after the resize.
#[component]
pub(crate) fn Resized(photo: Photo) -> impl IntoView {
    _ = photo;
}
