//! The best five.

use leptos::prelude::*;

use crate::state::Photo;

/// The best five.
#[component]
pub(crate) fn Labels(photo: Photo) -> impl IntoView {
    _ = photo;
}
