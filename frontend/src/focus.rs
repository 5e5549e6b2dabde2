//! Moves the keyboard's focus: what had it goes, or another page comes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// Gives it to the first element that a selector finds, and scrolls there.
pub(crate) fn give(selector: &str) {
    if let Some(element) = find(selector) {
        // Fails for no element that is on the page.
        _ = element.focus();
    }
}

/// The same; the page stays as far scrolled as it is.
pub(crate) fn give_unscrolled(selector: &str) {
    if let Some(element) = find(selector) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails for no element that is on the page.
        _ = element.focus_with_options(&options);
    }
}

/// What has it.
pub(crate) fn holder() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether nothing has it: what had it went, and nobody gave it to something else.
pub(crate) fn is_free() -> bool {
    holder().is_none_or(|element| element.tag_name() == "BODY")
}

fn find(selector: &str) -> Option<HtmlElement> {
    let element = document().query_selector(selector).ok().flatten();
    element?.dyn_into().ok()
}
