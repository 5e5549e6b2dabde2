//! The place on the page, kept in step with the browser's address and history.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use crate::place::Place;

/// A handle to the one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Navigation {
    place: RwSignal<Place>,
}

impl Navigation {
    /// Reads the address, and follows it until the owner is cleaned up.
    pub(crate) fn new() -> Self {
        let navigation = Self {
            place: RwSignal::new(read_address()),
        };
        let listener = window_event_listener_untyped("popstate", move |_| {
            navigation.place.set(read_address());
        });
        on_cleanup(move || listener.remove());
        navigation
    }

    /// Where we are; tracked.
    pub(crate) fn place(self) -> Place {
        self.place.get()
    }

    /// A part of where we are; what reads it runs again only when that part changes.
    pub(crate) fn part<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        part: impl Fn(&Place) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.place.with(&part))
    }

    /// Where we are; not tracked.
    pub(crate) fn here(self) -> Place {
        self.place.get_untracked()
    }

    /// Goes somewhere; Back leads here again.
    pub(crate) fn go(self, place: Place) {
        if place != self.here() {
            // Fails where a page may not, or too often: the place still changes.
            _ = history()
                .and_then(|h| h.push_state_with_url(&JsValue::NULL, "", Some(&href(&place))));
            self.place.set(place);
        }
    }

    /// Goes somewhere instead of here; Back leads to where one was before.
    pub(crate) fn replace(self, place: Place) {
        if place != self.here() {
            _ = history()
                .and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&href(&place))));
            self.place.set(place);
        }
    }
}

/// The address of a place, for a link.
pub(crate) fn href(place: &Place) -> String {
    let Ok(query) = UrlSearchParams::new() else {
        return "./".to_owned();
    };
    for (key, value) in place.to_query() {
        query.append(key, value);
    }
    match String::from(query.to_string()) {
        query if query.is_empty() => "./".to_owned(),
        query => format!("?{query}"),
    }
}

fn history() -> Result<web_sys::History, JsValue> {
    window().history()
}

fn read_address() -> Place {
    let search = window().location().search().unwrap_or_default();
    let Ok(query) = UrlSearchParams::new_with_str(&search) else {
        return Place::default();
    };
    let get = |key: &'static str| query.get(key).map(|value| (key, value));
    let pairs = ["model", "photo", "panel", "step", "sheet"].map(get);
    let pairs = pairs
        .iter()
        .flatten()
        .map(|(key, value)| (*key, value.as_str()));
    Place::from_query(pairs)
}
