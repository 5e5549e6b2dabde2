//! The photo, large, and the square of it that the model sees.

use leptos::prelude::*;

use crate::state::Photo;

/// The photo, large, and the square of it that the model sees.
#[component]
pub(crate) fn Stage(photo: Photo) -> impl IntoView {
    _ = photo;
}
