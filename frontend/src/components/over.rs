//! A place exactly over a square of a photo, for whatever is to be drawn there.

use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

use crate::framing;

/// A box over `square`, inside an element that a photo of `size` fills; nothing where there is none.
#[component]
pub(crate) fn Over(
    #[prop(into)] square: Signal<Option<Square>>,
    #[prop(into)] size: Signal<(u32, u32)>,
    class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let is_there = Memo::new(move |_| square.get().is_some());
    let place = Memo::new(move |_| {
        let square = square.get().unwrap_or(Square {
            left: 0,
            top: 0,
            side: 0,
        });
        framing::over(square, size.get())
    });
    let side = move |at: usize| move || place.with(|place| place[at].clone());
    view! {
        <Show when=move || is_there.get()>
            <div
                class=class
                style:left=side(0)
                style:top=side(1)
                style:width=side(2)
                style:height=side(3)
            >
                {children()}
            </div>
        </Show>
    }
}
