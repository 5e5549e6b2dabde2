//! One line of the notice at the page's foot.

use leptos::prelude::*;

use super::cross_button::CrossButton;
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
            <CrossButton label=text::DISMISS on_press=move || on_dismiss.run(()) />
        </div>
    }
}
