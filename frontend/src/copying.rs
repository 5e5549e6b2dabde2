//! Results to the clipboard, and a word on whether they are there.

use leptos::task::spawn_local;

use crate::export::{self, Entry};
use crate::services::save;
use crate::state::Store;
use crate::text::intake as text;

/// Copies results as text.
pub(crate) fn copy(store: Store, entries: Vec<Entry>) {
    spawn_local(async move {
        match save::to_clipboard(&export::as_text(&entries)).await {
            Ok(()) => store.tell(text::copied(entries.len()), true),
            Err(save::NotSaved) => store.tell(text::NOT_COPIED.to_owned(), false),
        }
    });
}
