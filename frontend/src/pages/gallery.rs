//! The first page: photos in, and a card for each.

use leptos::prelude::*;

use crate::panels::results::Results;
use crate::panels::source::Source;

/// The gallery.
#[component]
pub(crate) fn Gallery() -> impl IntoView {
    view! {
        <Source />
        <Results />
    }
}
