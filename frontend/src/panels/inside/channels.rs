//! Channels.

use leptos::prelude::*;

use super::input::with_input;

/// Channels.
#[component]
pub(crate) fn Channels() -> impl IntoView {
    with_input(|input| view! { {move || input.get().bytes().len()} }.into_any())
}
