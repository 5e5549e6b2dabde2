//! What has the focus when one goes between the gallery and the large view: the heading of the
//! photo, and the card where one came from.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use crate::components::photo_card::card_id;
use crate::state::PhotoId;

/// The `id` of the large view's heading.
pub(crate) const TITLE: &str = "photo-title";

/// Moves the focus whenever another page is shown; `photo` is the one in the large view.
pub(crate) fn keep_focus(photo: Memo<Option<PhotoId>>) {
    Effect::new(move |before: Option<Option<PhotoId>>| {
        let now = photo.get();
        let act = move || match (before.flatten(), now) {
            (None, Some(_)) => {
                window().scroll_to_with_x_and_y(0.0, 0.0);
                focus(TITLE);
            }
            // What had the focus may have gone with the photo before.
            (Some(_), Some(_)) if nothing_has_it() => focus(TITLE),
            (Some(id), None) => focus(&card_id(id)),
            _ => {}
        };
        // Once the other page is there.
        request_animation_frame(act);
        now
    });
}

fn focus(id: &str) {
    let place = document().get_element_by_id(id);
    if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
        // Where the page is scrolled to is decided elsewhere (`arrival`).
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails for no element that is on the page.
        _ = place.focus_with_options(&options);
    }
}

fn nothing_has_it() -> bool {
    let body = document().body().map(HtmlElement::into);
    document()
        .active_element()
        .is_none_or(|it| Some(it) == body)
}
