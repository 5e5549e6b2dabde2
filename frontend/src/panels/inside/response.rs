//! What comes back from the model server.

use leptos::prelude::*;

use crate::state::Photo;

/// What comes back from the model server.
#[component]
pub(crate) fn Response(photo: Photo) -> impl IntoView {
    _ = photo;
}
