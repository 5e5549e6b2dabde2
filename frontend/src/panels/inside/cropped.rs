//! Cropped.

use leptos::prelude::*;

use super::input::with_input;

/// Cropped.
#[component]
pub(crate) fn Cropped() -> impl IntoView {
    with_input(|input| view! { {move || input.get().bytes().len()} }.into_any())
}
