//! Numbers to probabilities.

use leptos::prelude::*;

use crate::state::Photo;

/// Numbers to probabilities.
#[component]
pub(crate) fn Softmax(photo: Photo) -> impl IntoView {
    _ = photo;
}
