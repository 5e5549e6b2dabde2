//! A sheet over the page: a modal dialog that keeps the focus, closes with Escape, its button and a
//! click beside it, and gives the focus back.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

use super::cross_button::CrossButton;
use crate::{focus, text};

/// The `id` of a sheet's title, which can have the focus when nothing else in it can.
pub(crate) const TITLE: &str = "sheet-title";

/// A dialog that is open for as long as it is on the page. `on_close`: it wants to go.
#[component]
pub(crate) fn SheetDialog(
    #[prop(into)] title: String,
    on_close: Callback<()>,
    /// A class of its own, for one that looks different.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    // The dialog itself would give the focus back when it is closed; it is taken off the page.
    let before = StoredValue::new_local(focus::holder());
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            // Fails where it is open already.
            _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        let before = before.try_get_value().flatten();
        // Once it is gone: as long as it is there, nothing behind it can have the focus.
        request_animation_frame(move || {
            if let Some(before) = before.filter(|it| it.is_connected() && focus::is_free()) {
                // Fails for no element that is on the page.
                _ = before.focus();
            }
        });
    });
    // A press that began inside, to select text for one, is none beside it.
    let pressed_beside = StoredValue::new(false);
    let is_beside = move |event: &MouseEvent| {
        let target = event.target().and_then(|t| t.dyn_into::<Node>().ok());
        let dialog = dialog.get_untracked();
        target
            .zip(dialog)
            .is_some_and(|(t, d)| d.is_same_node(Some(&t)))
    };
    view! {
        <dialog
            node_ref=dialog
            class=format!("sheet {class}")
            aria-labelledby=TITLE
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:mousedown=move |event| pressed_beside.set_value(is_beside(&event))
            on:click=move |event| {
                if is_beside(&event) && pressed_beside.get_value() {
                    on_close.run(());
                }
            }
        >
            // All of the sheet is in this, so that what hits the dialog itself is beside it.
            <div class="sheet-in">
                <header class="sheet-head">
                    <h2 id=TITLE class="sheet-title" tabindex="-1" autofocus>
                        {title}
                    </h2>
                    <CrossButton label=text::CLOSE on_press=move || on_close.run(()) />
                </header>
                <div class="sheet-body">{children()}</div>
            </div>
        </dialog>
    }
}
