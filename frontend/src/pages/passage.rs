//! What has the focus when one goes between the gallery and the large view: the heading of the
//! photo, and the card where one came from.

use leptos::prelude::*;

use crate::components::photo_card::card_id;
use crate::focus;
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
                give(TITLE);
            }
            // What had the focus may have gone with the photo before.
            (Some(_), Some(_)) if focus::is_free() => give(TITLE),
            (Some(id), None) => give(&card_id(id)),
            _ => {}
        };
        // Once the other page is there.
        request_animation_frame(act);
        now
    });
}

/// Where the page is scrolled to is decided elsewhere (`arrival`).
fn give(id: &str) {
    focus::give_unscrolled(&format!("#{id}"));
}
