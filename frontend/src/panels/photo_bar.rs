//! The photo's name, the way back, the ones before and after.

use leptos::prelude::*;

use crate::state::Photo;

/// The photo's name, the way back, the ones before and after.
#[component]
pub(crate) fn PhotoBar(photo: Photo) -> impl IntoView {
    view! { <h2 id="photo-title" tabindex="-1">{photo.name.to_string()}</h2> }
}
