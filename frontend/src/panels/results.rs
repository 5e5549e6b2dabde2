//! The photos and what the model says of each.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::components::export_row::{ExportRow, Way};
use crate::components::photo_card::{PhotoCard, card_id};
use crate::components::progress::ProgressBar;
use crate::copying::copy;
use crate::desk::Desk;
use crate::export::{self, Entry};
use crate::focus;
use crate::navigation::Navigation;
use crate::place::Place;
use crate::services::save;
use crate::state::{Photo, PhotoId, Server, Store};
use crate::text;

/// With more photos than these the cards become a contact sheet: small, with the best label alone.
const MOST_CARDS: usize = 8;

/// The results panel; empty while there are no photos.
#[component]
pub(crate) fn Results() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let progress = Memo::new(move |_| store.progress());
    let is_empty = Memo::new(move |_| progress.get().all == 0);
    let is_busy = Memo::new(move |_| progress.with(|p| p.settled < p.all));
    let (exports, set_exports) = signal(false);
    let clear = move |_| {
        desk.clear();
        focus::give("input[type=file]");
    };

    view! {
        <Show when=move || !is_empty.get()>
            <section class="results" aria-labelledby="results-title">
                <div class="results-bar">
                    <h2 id="results-title" class="results-title" tabindex="-1">
                        {text::PHOTOS}
                    </h2>
                    <ProgressBar progress />
                    <div class="results-actions">
                        <Show when=move || is_busy.get()>
                            <button type="button" class="button" on:click=move |_| desk.stop()>
                                {text::STOP}
                            </button>
                        </Show>
                        <button
                            type="button"
                            class="button"
                            aria-expanded=move || exports.get().to_string()
                            aria-controls="export-row"
                            on:click=move |_| set_exports.update(|exports| *exports ^= true)
                        >
                            {text::intake::EXPORT}
                        </button>
                        <button type="button" class="button" on:click=clear>
                            {text::CLEAR}
                        </button>
                    </div>
                </div>
                <Show when=move || exports.get()>
                    <ExportRow
                        id="export-row"
                        on_choose=Callback::new(move |way| export(store, way))
                    />
                </Show>
                <Cards progress />
            </section>
        </Show>
    }
}

/// A card for each photo.
#[component]
fn Cards(progress: Memo<crate::state::Progress>) -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let navigation = expect_context::<Navigation>();
    let server_here = Memo::new(move |_| store.server.with(|s| *s != Server::Away));
    let is_sheet = Memo::new(move |_| progress.get().all > MOST_CARDS);
    let here = navigation.part(Place::gallery);
    let on_retry = Callback::new(move |id| {
        desk.retry(id);
        focus::give(&format!("#{}", card_id(id)));
    });
    let on_remove = Callback::new(move |id| {
        let next = neighbour(store, id);
        desk.remove(id);
        match next {
            Some(next) => focus::give(&format!("#{}", card_id(next))),
            None => focus::give("input[type=file]"),
        }
    });
    let card = move |photo: Photo| {
        let (id, key) = (photo.id, photo.key.clone());
        let place = Signal::derive(move || here.with(|place| place.with_photo(&key)));
        let copy_of = Signal::derive(move || store.copies.with(|copies| copies.get(&id).cloned()));
        view! { <PhotoCard photo place copy_of server_here on_retry on_remove /> }
    };
    view! {
        <div class="cards" class:is-sheet=is_sheet on:keydown=move |event| walk(&event)>
            <For each=move || store.photos.get() key=|photo| photo.id children=card />
        </div>
    }
}

/// Takes the results out.
fn export(store: Store, way: Way) {
    let photos = store.photos.get_untracked();
    let entries: Vec<Entry> = photos.iter().map(Entry::of).collect();
    let saved = match way {
        Way::Json => {
            let json = save::pretty(&export::as_json(&entries));
            save::file("conch.json", "application/json", &json)
        }
        Way::Csv => save::file("conch.csv", "text/csv", &export::as_csv(&entries)),
        Way::Print => save::print(),
        Way::Copy => {
            copy(store, entries);
            Ok(())
        }
    };
    if saved.is_err() {
        store.tell(text::intake::NOT_SAVED.to_owned(), false);
    }
}

/// The photo that takes the place of one that goes.
fn neighbour(store: Store, id: PhotoId) -> Option<PhotoId> {
    store.photos.with_untracked(|photos| {
        let at = photos.iter().position(|photo| photo.id == id)?;
        let next = photos.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| photos.get(at));
        next.or(before).map(|photo| photo.id)
    })
}

/// Arrows lead from card to card: to the sides in their order, up and down in their column.
fn walk(event: &KeyboardEvent) {
    let key = event.key();
    let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key());
    let from = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let Some(from) = from.and_then(|it| it.closest(".card").ok().flatten()) else {
        return;
    };
    let next = |card: &Element| match key.as_str() {
        "ArrowLeft" | "ArrowUp" => card.previous_element_sibling(),
        "ArrowRight" | "ArrowDown" => card.next_element_sibling(),
        _ => None,
    };
    let is_upright = matches!(key.as_str(), "ArrowUp" | "ArrowDown");
    let column = from.get_bounding_client_rect().left();
    let is_there = |card: &Element| {
        !is_upright || (card.get_bounding_client_rect().left() - column).abs() < 1.0
    };
    let mut to = next(&from).filter(|_| is_plain);
    while let Some(card) = to.take_if(|card| !is_there(card)) {
        to = next(&card);
    }
    let link = to.and_then(|card| card.query_selector(".card-link").ok().flatten());
    if let Some(link) = link {
        event.prevent_default();
        // Fails for no element that is on the page.
        _ = link.unchecked_into::<HtmlElement>().focus();
    }
}
