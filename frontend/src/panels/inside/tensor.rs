//! Tensor.

use leptos::prelude::*;

use super::input::with_input;

/// Tensor.
#[component]
pub(crate) fn Tensor() -> impl IntoView {
    with_input(|input| view! { {move || input.get().bytes().len()} }.into_any())
}
