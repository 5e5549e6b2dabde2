//! Another model beside the first.

use leptos::prelude::*;

use crate::state::Photo;

/// Another model beside the first.
#[component]
pub(crate) fn Compare(photo: Photo) -> impl IntoView {
    _ = photo;
}
