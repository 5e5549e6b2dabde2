//! A cross to press: what is beside it, or around it, goes.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::Cross;

/// The button; `label` says what goes.
#[component]
pub(crate) fn CrossButton(
    #[prop(into)] label: TextProp,
    on_press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || label.get().to_string()
            on:click=move |_| on_press()
        >
            <Cross />
        </button>
    }
}
