//! Photos pasted from the clipboard: files, or a picture copied in another program.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use super::{ImageSource, sources};

/// Listens on the whole window until the owner is cleaned up.
pub(crate) fn listen(take: impl Fn(Vec<ImageSource>) + 'static) {
    let listener = window_event_listener_untyped("paste", move |event| {
        let Some(event) = event.dyn_ref::<ClipboardEvent>() else {
            return;
        };
        let files = event.clipboard_data().and_then(|data| data.files());
        let photos = sources(files.as_ref());
        if !photos.is_empty() {
            event.prevent_default();
            take(photos);
        }
    });
    on_cleanup(move || listener.remove());
}
