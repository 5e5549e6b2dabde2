//! What the model says of the photo, how long it took, what left the device.

use leptos::prelude::*;

use crate::state::Photo;

/// What the model says of the photo, how long it took, what left the device.
#[component]
pub(crate) fn Answer(photo: Photo) -> impl IntoView {
    _ = photo;
}
