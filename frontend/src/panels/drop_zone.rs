//! Photos that are dropped or pasted anywhere on the page.

use leptos::prelude::*;

use crate::desk::Desk;
use crate::input::{drop, paste};
use crate::text;

/// A veil while something is dragged over the page.
#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let desk = expect_context::<Desk>();
    paste::listen(move |brought| desk.take(brought));
    let dragging = drop::listen(move |brought| desk.take(brought));
    view! {
        <div class="drop-veil" class:is-shown=dragging aria-hidden="true">
            <p>{text::DROP_HERE}</p>
        </div>
    }
}
