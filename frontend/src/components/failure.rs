//! Why there is nothing to show, and the way to try again.

use leptos::prelude::*;

use super::icon::Warning;
use crate::state::UserError;
use crate::text;

/// The sentence and the button, one beside the other as the caller lays them out. `retry`: the
/// button's whole name, where there is more than one on the page.
#[component]
pub(crate) fn Failure(
    error: UserError,
    #[prop(optional, into)] retry: Option<String>,
    on_retry: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <p class="failure-why">
            <Warning />
            <span>{error.0}</span>
        </p>
        <button type="button" class="button" aria-label=retry on:click=move |_| on_retry()>
            {text::RETRY}
        </button>
    }
}
