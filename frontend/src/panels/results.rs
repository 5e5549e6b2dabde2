//! The photos and what the model says of each.

use leptos::prelude::*;

use crate::components::photo_card::{PhotoCard, card_id};
use crate::components::progress::ProgressBar;
use crate::desk::Desk;
use crate::state::{PhotoId, Server, Store};
use crate::text;

/// The results panel; empty while there are no photos.
#[component]
pub(crate) fn Results() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let progress = Memo::new(move |_| store.progress());
    let is_empty = Memo::new(move |_| progress.get().all == 0);
    let is_busy = Memo::new(move |_| progress.with(|p| p.settled < p.all));
    let server_here = Memo::new(move |_| store.server.with(|s| *s != Server::Away));
    let on_retry = Callback::new(move |id| desk.retry(id));
    let on_remove = Callback::new(move |id| {
        let next = neighbour(store, id);
        desk.remove(id);
        focus(next);
    });
    let clear = move |_| {
        desk.clear();
        focus(None);
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
                        <button type="button" class="button" on:click=clear>
                            {text::CLEAR}
                        </button>
                    </div>
                </div>
                <div class="cards">
                    <For each=move || store.photos.get() key=|photo| photo.id let:photo>
                        <PhotoCard photo server_here on_retry on_remove />
                    </For>
                </div>
            </section>
        </Show>
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

/// Keeps the keyboard's place when what had the focus goes: to a photo, or to the file chooser.
fn focus(photo: Option<PhotoId>) {
    let place = match photo {
        Some(id) => document().get_element_by_id(&card_id(id)),
        None => document().query_selector("input[type=file]").ok().flatten(),
    };
    if let Some(place) = place {
        // Fails for no element that is on the page.
        _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(place).focus();
    }
}
