//! What follows when somebody comes to another place: the document's title, how far the page is
//! scrolled, and an address that is put right where its photo is not here. And what a fresh page's
//! address brings with it.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::ScrollRestoration;

use crate::desk::Desk;
use crate::errand::Brought;
use crate::input::sample::SAMPLES;
use crate::navigation::Navigation;
use crate::place::Place;
use crate::services::keep::Kept;
use crate::state::{PhotoId, Store};
use crate::text;

/// After which a live region speaks of what changes in it: it is to be on the page before.
const AUDIBLE: Duration = Duration::from_millis(300);

/// Attends to all of it until the owner is cleaned up; `photo` is the one in the large view, `brought`
/// what the address asked for.
pub(crate) fn attend(
    store: Store,
    desk: Desk,
    navigation: Navigation,
    photo: Memo<Option<PhotoId>>,
    brought: Option<Brought>,
) {
    match brought {
        Some(Brought::Photos(kept)) => bring_kept(store, desk, navigation, kept),
        Some(Brought::Gone) => tell_soon(store, text::app::GONE),
        Some(Brought::NotShared(why)) => tell_soon(store, text::app::not_shared(why)),
        None => bring_sample(desk, navigation),
    }
    // `before`: the photo that was here last.
    Effect::new(move |before: Option<Option<String>>| {
        let place = navigation.place();
        let key = place.photo.clone()?;
        if store.photo_called(&key).is_some() {
            return Some(key);
        }
        // Who sees a photo go knows why; who follows its address does not.
        if before.flatten() != Some(key) {
            tell_soon(store, text::stage::NOT_HERE);
        }
        navigation.replace(Place {
            sheet: place.sheet,
            ..place.gallery()
        });
        None
    });
    Effect::new(move || {
        let place = navigation.place();
        let name = photo.get().and_then(|id| store.photo(id)).map(|it| it.name);
        document().set_title(&text::title::of(&place, name.as_deref()));
    });
    keep_scroll(navigation, photo);
}

/// The photo that a fresh page's address asks for, where it is a sample: a link that a teacher gave.
fn bring_sample(desk: Desk, navigation: Navigation) {
    let key = navigation.here().photo;
    let sample = SAMPLES
        .into_iter()
        .find(|sample| Some(sample.file) == key.as_deref());
    if let Some(sample) = sample {
        desk.add(vec![sample.into()]);
    }
}

/// The photos that were kept, as they were; the one in the large view goes there again, by what the
/// address calls it now.
fn bring_kept(store: Store, desk: Desk, navigation: Navigation, kept: Kept) {
    desk.restore(kept.photos);
    let Some(at) = kept.open else { return };
    let place = navigation.here();
    navigation.replace(place.gallery());
    // Many come a few at a time.
    Effect::new(move |was_here: Option<bool>| {
        if was_here == Some(true) {
            return true;
        }
        let key = store
            .photos
            .with(|all| all.get(at).map(|photo| photo.key.clone()));
        if let Some(key) = &key {
            navigation.replace(place.with_photo(key));
        }
        key.is_some()
    });
}

/// Says something once the page is there.
fn tell_soon(store: Store, sentence: &'static str) {
    set_timeout(move || store.tell(sentence.to_owned(), false), AUDIBLE);
}

/// Scrolls to what has the focus, where nothing of it is in sight.
fn show_focus() {
    let Some(place) = document().active_element() else {
        return;
    };
    let sides = place.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|it| it.as_f64());
    if sides.bottom() < 0.0 || height.is_some_and(|height| sides.top() > height) {
        place.scroll_into_view();
    }
}

/// Who comes back to the gallery finds it as far scrolled as it was.
fn keep_scroll(navigation: Navigation, photo: Memo<Option<PhotoId>>) {
    // The browser would scroll before the other page is there.
    if let Ok(history) = window().history() {
        _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
    let gallery = StoredValue::new(0.0);
    let listener = window_event_listener_untyped("scroll", move |_| {
        // The first page's height may go before its photo does: only what is seen counts.
        if navigation.here().photo.is_none() && photo.get_untracked().is_none() {
            gallery.set_value(window().scroll_y().unwrap_or_default());
        }
    });
    on_cleanup(move || listener.remove());
    Effect::new(move |was_large: Option<bool>| {
        let is_large = photo.get().is_some();
        if was_large == Some(true) && !is_large {
            let y = gallery.get_value();
            // Once the gallery is there.
            request_animation_frame(move || {
                window().scroll_to_with_x_and_y(0.0, y);
                // One may have gone on to another photo meanwhile.
                request_animation_frame(show_focus);
            });
        }
        is_large
    });
}
