//! Photos dropped anywhere on the page.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{DragEvent, FileList};

use super::{ImageSource, sources};

/// Listens on the whole window until the owner is cleaned up. The signal is true while files are
/// dragged over the page.
pub(crate) fn listen(take: impl Fn(Vec<ImageSource>) + 'static) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    // `dragenter` and `dragleave` come for each element on the way: the page is left when the
    // leave has no element that is entered instead.
    let listeners = [
        window_event_listener(ev::dragenter, move |event| {
            if has_files(&event) {
                event.prevent_default();
                set_dragging.set(true);
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                set_dragging.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            set_dragging.set(false);
            if has_files(&event) {
                event.prevent_default();
                take(sources(files(&event).as_ref()));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    dragging
}

fn files(event: &DragEvent) -> Option<FileList> {
    event.data_transfer()?.files()
}

/// Whether files are dragged, and not text or a link.
fn has_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
