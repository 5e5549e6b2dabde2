//! A sheet over the page: a modal dialog that keeps the focus, closes with Escape, and gives the
//! focus back.

use leptos::html;
use leptos::prelude::*;

use super::icon::Cross;
use crate::text;

/// A dialog that is open for as long as it is on the page. `on_close`: it wants to go.
#[component]
pub(crate) fn SheetDialog(
    #[prop(into)] title: String,
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            // Fails where it is open already.
            _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            aria-labelledby="sheet-title"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
        >
            <header class="sheet-head">
                <h2 id="sheet-title" class="sheet-title" tabindex="-1" autofocus>
                    {title}
                </h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::CLOSE
                    on:click=move |_| on_close.run(())
                >
                    <Cross />
                </button>
            </header>
            <div class="sheet-body">{children()}</div>
        </dialog>
    }
}
