//! What goes to the model server.

use leptos::prelude::*;

use crate::state::Photo;

/// What goes to the model server.
#[component]
pub(crate) fn Request(photo: Photo) -> impl IntoView {
    _ = photo;
}
