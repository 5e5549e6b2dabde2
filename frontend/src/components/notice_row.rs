//! One line of the notice at the page's foot.

use leptos::prelude::*;

use super::icon::Cross;
use crate::text::intake as text;

/// A sentence, what can be done about it, and a way to be rid of it.
#[component]
pub(crate) fn NoticeRow(
    sentence: String,
    #[prop(optional)] action: Option<(&'static str, Callback<()>)>,
    on_dismiss: Callback<()>,
) -> impl IntoView {
    let action = action.map(|(name, act)| {
        view! {
            <button type="button" class="button" on:click=move |_| act.run(())>
                {name}
            </button>
        }
    });
    view! {
        <div class="notice">
            <p class="notice-text">{sentence}</p>
            {action}
            <button
                type="button"
                class="icon-button"
                aria-label=text::DISMISS
                on:click=move |_| on_dismiss.run(())
            >
                <Cross />
            </button>
        </div>
    }
}
