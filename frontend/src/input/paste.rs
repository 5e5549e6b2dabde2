//! Photos pasted from the clipboard: files, a picture copied in another program, links.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, Event};

use super::{Brought, link, sources};

/// Listens on the whole window until the owner is cleaned up.
pub(crate) fn listen(take: impl Fn(Brought) + 'static) {
    let listener = window_event_listener_untyped("paste", move |event| {
        let data = event.dyn_ref().and_then(ClipboardEvent::clipboard_data);
        let Some(data) = data else { return };
        let mut photos = sources(data.files().as_ref());
        if photos.is_empty() && !is_in_a_field(&event) {
            photos = link::links(&data.get_data("text/plain").unwrap_or_default());
        }
        if !photos.is_empty() {
            event.prevent_default();
            take(photos.into());
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether somebody writes: there, a link is text.
fn is_in_a_field(event: &Event) -> bool {
    let target = event.target();
    let target = target.and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        let field = element.closest("input, textarea, [contenteditable]");
        field.ok().flatten().is_some()
    })
}
