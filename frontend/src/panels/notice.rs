//! What just happened and can be undone.

use leptos::prelude::*;

/// What just happened and can be undone.
#[component]
pub(crate) fn Notice() -> impl IntoView {}
