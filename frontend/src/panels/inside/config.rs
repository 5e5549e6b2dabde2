//! The model's `config.pbtxt`, and what each line means.

use leptos::prelude::*;

use crate::state::Photo;

/// The model's `config.pbtxt`, and what each line means.
#[component]
pub(crate) fn Config(photo: Photo) -> impl IntoView {
    _ = photo;
}
