//! All photos in a row, to go from one to another.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::icon::Mark;
use crate::components::link::Link;
use crate::navigation::Navigation;
use crate::state::{Phase, Photo, PhotoId, Store};
use crate::text;

/// The filmstrip; nothing where there is one photo only.
#[component]
pub(crate) fn Filmstrip(current: Memo<Option<PhotoId>>) -> impl IntoView {
    let store = expect_context::<Store>();
    let strip = NodeRef::<html::Ul>::new();
    let has_many = Memo::new(move |_| store.photos.with(|photos| photos.len() > 1));
    Effect::new(move || {
        if let (Some(strip), Some(id)) = (strip.get(), current.get()) {
            request_animation_frame(move || bring_into_view(&strip, id));
        }
    });
    view! {
        <Show when=move || has_many.get()>
            <nav class="filmstrip" aria-label=text::PHOTOS>
                <ul class="film" role="list" node_ref=strip>
                    <For each=move || store.photos.get() key=|photo| photo.id let:photo>
                        <Frame photo current />
                    </For>
                </ul>
            </nav>
        </Show>
    }
}

#[component]
fn Frame(photo: Photo, current: Memo<Option<PhotoId>>) -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let Photo {
        id,
        key,
        name,
        picture,
        phase,
        answer,
        ..
    } = photo;
    let place = Signal::derive(move || navigation.place().with_photo(&key));
    let is_current = Signal::derive(move || current.get() == Some(id));
    let best = move || {
        answer.with(|answer| {
            let best = answer.as_ref()?.predictions.first()?;
            Some(best.label.clone())
        })
    };
    // None yet of a link's picture.
    let source = move || Some(picture.get().to_string()).filter(|address| !address.is_empty());
    let state = phase.clone();
    let sign = Memo::new(move |_| phase.with(text::stage::sign));
    let says = move || match sign.get() {
        Some((_, words)) => format!("{name}, {words}"),
        None => name.to_string(),
    };
    let (broken, set_broken) = signal(false);
    view! {
        <li
            id=frame_id(id)
            class="film-frame"
            class:is-broken=broken
            title=best
            data-state=move || state.with(Phase::name)
        >
            <Link to=place is_current replace=true class="film-link">
                <Mark />
                <img
                    src=source
                    alt=""
                    loading="lazy"
                    decoding="async"
                    on:error=move |_| set_broken.set(true)
                />
                // One name of both: browsers would put a space before the comma.
                <span class="visually-hidden">{says}</span>
                {move || {
                    let (sign, _) = sign.get()?;
                    Some(
                        view! {
                            <span class="film-sign" aria-hidden="true">
                                {sign}
                            </span>
                        },
                    )
                }}
            </Link>
        </li>
    }
}

fn frame_id(id: PhotoId) -> String {
    format!("film-{}", id.0)
}

/// Scrolls the strip alone; the page stays where it is.
fn bring_into_view(strip: &HtmlElement, id: PhotoId) {
    let frame = document().get_element_by_id(&frame_id(id));
    if let Some(frame) = frame.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let middle = frame.offset_left() + frame.offset_width() / 2;
        strip.set_scroll_left(middle - strip.client_width() / 2);
    }
}
