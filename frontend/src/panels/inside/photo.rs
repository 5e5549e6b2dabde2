//! The photo as it came: a file.

use leptos::prelude::*;

use crate::state::Photo;

/// The photo as it came.
#[component]
pub(crate) fn File(photo: Photo) -> impl IntoView {
    _ = photo;
}
