//! The place on the page, kept in step with the browser's address and history.
//!
//! A sheet is an entry of the history of its own, so that Back closes it, as a phone's people expect.
//! Closing it in another way takes that entry back: none is left that shows the same page twice.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use crate::place::Place;

/// A handle to the one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Navigation {
    place: RwSignal<Place>,
    /// Where to be once the history has gone back.
    after_back: StoredValue<Option<Place>>,
}

/// What the history keeps with an entry that a sheet made.
const SHEET: &str = "sheet";

impl Navigation {
    /// Reads the address, and follows it until the owner is cleaned up.
    pub(crate) fn new() -> Self {
        let navigation = Self {
            place: RwSignal::new(read_address()),
            after_back: StoredValue::new(None),
        };
        let listener = window_event_listener_untyped("popstate", move |_| navigation.returned());
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

    /// Goes somewhere; Back leads here again. From a sheet, Back leads to where it was opened: its
    /// entry becomes what was chosen in it.
    pub(crate) fn go(self, place: Place) {
        if place != self.here() {
            let here = self.here().sheet;
            let opens = place.sheet.is_some() && here.is_none();
            let state = if opens { SHEET.into() } else { JsValue::NULL };
            let address = href(&place);
            // Fails where a page may not, or too often: the place still changes.
            _ = history().and_then(|h| match here.is_some() && place.sheet.is_none() {
                true => h.replace_state_with_url(&state, "", Some(&address)),
                false => h.push_state_with_url(&state, "", Some(&address)),
            });
            self.place.set(place);
        }
    }

    /// Goes somewhere instead of here; Back leads to where one was before.
    pub(crate) fn replace(self, place: Place) {
        if place != self.here() {
            replace_entry(&place);
            self.place.set(place);
        }
    }

    /// Closes the sheet over the page.
    pub(crate) fn close_sheet(self) {
        let place = self.here().with_sheet(None);
        let opened_here = history()
            .and_then(|h| h.state())
            .is_ok_and(|state| state == SHEET);
        if opened_here {
            self.after_back.set_value(Some(place.clone()));
            // Fails where a page may not; then Back closes it once more, to no harm.
            _ = history().and_then(|h| h.back());
            self.place.set(place);
        } else {
            self.replace(place);
        }
    }

    /// The history went somewhere.
    fn returned(self) {
        let address = read_address();
        let place = match self.after_back.try_update_value(Option::take).flatten() {
            Some(place) => {
                if place != address {
                    replace_entry(&place);
                }
                place
            }
            None => address,
        };
        if place != self.here() {
            self.place.set(place);
        }
    }
}

/// Gives the history's entry another address; what it keeps stays.
fn replace_entry(place: &Place) {
    // Fails where a page may not, or too often: the place still changes.
    _ = history().and_then(|h| {
        let state = h.state().unwrap_or_default();
        h.replace_state_with_url(&state, "", Some(&href(place)))
    });
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
