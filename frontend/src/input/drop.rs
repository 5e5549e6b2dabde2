//! Photos, folders and links dropped anywhere on the page.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::{DataTransfer, DragEvent};

use super::folder::{self, Dropped};
use super::{Brought, link};

/// The kind of data that a link is dragged as.
const LINKS: &str = "text/uri-list";

/// Listens on the whole window until the owner is cleaned up. The signal is true while files or
/// links are dragged over the page.
pub(crate) fn listen(take: impl Fn(Brought) + Clone + 'static) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    // A picture of the page itself is a link, and a file to some browsers: it is here already.
    let is_own = Rc::new(Cell::new(false));
    let from_outside = {
        let is_own = Rc::clone(&is_own);
        move |event: &DragEvent| !is_own.get() && is_wanted(event)
    };
    let (enters, stays, drops) = (from_outside.clone(), from_outside.clone(), from_outside);
    let (begins, ends, presses) = (Rc::clone(&is_own), Rc::clone(&is_own), is_own);
    // `dragenter` and `dragleave` come for each element on the way: the page is left when the
    // leave has no element that is entered instead.
    let listeners = [
        window_event_listener(ev::dragstart, move |_| begins.set(true)),
        window_event_listener(ev::dragend, move |_| ends.set(false)),
        // Where what was dragged has left the page, its drag has no end that is heard.
        window_event_listener(ev::pointerdown, move |_| presses.set(false)),
        window_event_listener(ev::dragenter, move |event| {
            if enters(&event) {
                event.prevent_default();
                set_dragging.set(true);
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            if stays(&event) {
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
            if drops(&event)
                && let Some(data) = event.data_transfer()
            {
                event.prevent_default();
                read(&data, take.clone());
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    dragging
}

/// Whether files or links are dragged, and not text.
fn is_wanted(event: &DragEvent) -> bool {
    let kinds = event.data_transfer().map(|data| data.types());
    kinds.is_some_and(|kinds| {
        let has = |kind: &str| kinds.includes(&kind.into(), 0);
        has("Files") || has(LINKS)
    })
}

/// All that was dropped. It has to be looked at before the event is over, folders are read after.
fn read(data: &DataTransfer, take: impl Fn(Brought) + 'static) {
    let items = data.items();
    let items = (0..items.length()).filter_map(|at| items.get(at));
    let dropped: Vec<Dropped> = items
        .filter_map(|item| {
            let entry = item.webkit_get_as_entry().ok().flatten();
            match entry.filter(|entry| entry.is_directory()) {
                Some(folder) => Some(Dropped::Folder(folder)),
                None => item.get_as_file().ok().flatten().map(Dropped::File),
            }
        })
        .collect();
    if dropped.is_empty() {
        let links = data.get_data(LINKS).unwrap_or_default();
        take(link::links(&links).into());
    } else {
        folder::read(dropped, take);
    }
}
