//! All photos in a row, to go from one to another.

use leptos::prelude::*;

use crate::state::PhotoId;

/// All photos in a row, to go from one to another.
#[component]
pub(crate) fn Filmstrip(current: PhotoId) -> impl IntoView {
    _ = current;
}
