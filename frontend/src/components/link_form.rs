//! A form for the address of a picture.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::input::{ImageSource, link};
use crate::text::intake as text;

/// The form; the field has the focus when it comes. `on_close`: it wants to go.
#[component]
pub(crate) fn LinkForm(
    id: &'static str,
    on_add: Callback<ImageSource>,
    on_close: Callback<()>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let (is_wrong, set_wrong) = signal(false);
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Fails for no element that is on the page.
            _ = field.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        match link::typed(&field.value()) {
            Some(source) => {
                on_add.run(source);
                on_close.run(());
            }
            None => {
                set_wrong.set(true);
                _ = field.focus();
            }
        }
    };
    view! {
        <form
            id=id
            class="link-form"
            novalidate
            on:submit=submit
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    on_close.run(());
                }
            }
        >
            <label for="link-address">{text::LINK_ADDRESS}</label>
            <div class="link-line">
                <input
                    node_ref=field
                    id="link-address"
                    class="field"
                    type="url"
                    inputmode="url"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="https://"
                    aria-describedby="link-hint"
                    aria-invalid=move || is_wrong.get().then_some("true")
                    on:input=move |_| set_wrong.set(false)
                />
                <button type="submit" class="button">
                    {text::LINK_ADD}
                </button>
            </div>
            <p id="link-hint" class="link-hint" class:is-wrong=is_wrong aria-live="polite">
                {move || if is_wrong.get() { text::LINK_WRONG } else { text::LINK_HINT }}
            </p>
        </form>
    }
}
