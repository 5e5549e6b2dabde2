//! The photo's name, the way back, the ones before and after, and the keys for all of it.

use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::cross_button::CrossButton;
use crate::components::glyph::{Glyph, LEFT, RIGHT};
use crate::components::link::Link;
use crate::desk::Desk;
use crate::focus;
use crate::navigation::Navigation;
use crate::paging::{Turn, heir};
use crate::state::{Photo, PhotoId, Store};
use crate::text;

/// Controls that have a use of their own for arrows. What can be reached with Tab without being a
/// link or a button is one, too.
const USES_ARROWS: &str = "input, select, textarea, [contenteditable], [tabindex='0']";
/// Controls that have one for Escape.
const USES_ESCAPE: &str =
    "input:not([type=checkbox], [type=range]), select, textarea, [contenteditable]";
/// The row of all photos.
const ROW: &str = ".filmstrip";

/// The bar over the large view.
#[component]
pub(crate) fn PhotoBar(current: Memo<Option<PhotoId>>) -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let navigation = expect_context::<Navigation>();
    let name = move || current.get().and_then(|id| store.photo(id)).map(|p| p.name);
    // Which photo it is, and of how many.
    let position = Memo::new(move |_| {
        let current = current.get()?;
        store.photos.with(|photos| {
            let at = photos.iter().position(|photo| photo.id == current)?;
            Some((at, photos.len()))
        })
    });
    let is_one_of_many = Memo::new(move |_| position.get().is_some_and(|(_, count)| count > 1));
    let leads = move |turn: Turn| {
        let (at, count) = position.get()?;
        turn.target(at, count)
    };
    let show = move |at: usize| {
        let photo = store
            .photos
            .with_untracked(|photos| photos.get(at).cloned());
        let Some(Photo { key, name, .. }) = photo else {
            return;
        };
        navigation.replace(navigation.here().with_photo(&key));
        if let Some((at, count)) = position.get_untracked() {
            store.spoken.set(text::stage::arrived(&name, at, count));
        }
    };
    let turn = move |turn: Turn| untrack(|| leads(turn)).map(show).is_some();
    let leave = move || navigation.go(navigation.here().gallery());
    let remove = move || {
        let Some((id, (at, count))) = current.get_untracked().zip(position.get_untracked()) else {
            return;
        };
        match heir(at, count) {
            Some(next) => show(next),
            None => navigation.replace(navigation.here().gallery()),
        }
        desk.remove(id);
    };
    let listener = window_event_listener(keydown, move |event| {
        let single_keys = store.settings.with_untracked(|it| it.single_keys);
        let in_row = is_within(&event, ROW);
        let used = match (
            event.key().as_str(),
            Turn::of_key(&event.key(), in_row, single_keys),
        ) {
            ("Escape", _) if is_for_us(&event, USES_ESCAPE) => {
                leave();
                true
            }
            ("Delete", _) if single_keys && is_for_us(&event, USES_ARROWS) => {
                // Held down, it would take them all.
                if !event.repeat() {
                    remove();
                }
                true
            }
            (_, Some(to)) if is_for_us(&event, USES_ARROWS) => {
                let turned = turn(to);
                if turned && in_row {
                    // Once the row knows which one is current.
                    request_animation_frame(|| focus::give(".film-link[aria-current]"));
                }
                turned
            }
            _ => false,
        };
        if used {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());

    let step = move |to: Turn, label: &'static str, path: &'static str| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=label
                // Not `disabled`: that would take the focus away at the last photo.
                aria-disabled=move || leads(to).is_none().then_some("true")
                on:click=move |_| _ = turn(to)
            >
                <Glyph path />
            </button>
        }
    };
    let home = Signal::derive(move || navigation.place().gallery());
    view! {
        <header class="photo-bar">
            <Link to=home class="photo-back">
                <Glyph path=LEFT />
                <span>{text::stage::ALL_PHOTOS}</span>
            </Link>
            <h2 id="photo-title" class="photo-name" tabindex="-1">
                {move || name().map(|name| name.to_string())}
            </h2>
            <p class="photo-position">
                {move || {
                    let (at, count) = position.get().filter(|(_, count)| *count > 1)?;
                    Some(text::stage::position(at, count))
                }}
            </p>
            <div class="photo-tools">
                <Show when=move || is_one_of_many.get()>
                    {step(Turn::Previous, text::stage::PREVIOUS, LEFT)}
                    {step(Turn::Next, text::stage::NEXT, RIGHT)}
                </Show>
                <CrossButton
                    label=move || text::about(text::REMOVE, &name().unwrap_or_default())
                    on_press=remove
                />
            </div>
        </header>
    }
}

/// Whether a key means the large view, and not one of the controls `but`, a dialog or the browser.
fn is_for_us(event: &KeyboardEvent, but: &str) -> bool {
    let with_modifier =
        event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    !event.default_prevented() && !with_modifier && !is_within(event, but) && dialog.is_none()
}

/// Whether the focus is in what a selector finds.
fn is_within(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()))
}
