//! Which parts of the photo the answer hangs on.

use leptos::prelude::*;

use crate::state::Photo;

/// Which parts of the photo the answer hangs on.
#[component]
pub(crate) fn Why(photo: Photo) -> impl IntoView {
    _ = photo;
}
