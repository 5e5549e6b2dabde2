//! The keys that work anywhere on the page.

use leptos::prelude::*;

/// The keys that work anywhere on the page.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {}
