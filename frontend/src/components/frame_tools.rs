//! Buttons for what the frame does under a finger: for whoever does not drag.

use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

use super::glyph::{DOWN, Glyph, LEFT, MINUS, PLUS, RIGHT, UP};
use crate::framing::{Act, Field};
use crate::text::stage as text;

/// What each button does, its words and its sign.
const BUTTONS: [(Act, &str, &str); 6] = [
    (Act::SMALLER, text::SMALLER, MINUS),
    (Act::LARGER, text::LARGER, PLUS),
    (Act::LEFT, text::MOVE_LEFT, LEFT),
    (Act::UP, text::MOVE_UP, UP),
    (Act::DOWN, text::MOVE_DOWN, DOWN),
    (Act::RIGHT, text::MOVE_RIGHT, RIGHT),
];

/// The buttons; one that would change nothing says so.
#[component]
pub(crate) fn FrameTools(
    #[prop(into)] square: Signal<Square>,
    field: Field,
    #[prop(into)] is_own: Signal<bool>,
    on_change: Callback<Option<Square>>,
) -> impl IntoView {
    let changes = move |act: Act| match field.after(square.get(), act) {
        None => !is_own.get(),
        Some(new) => new != square.get(),
    };
    let press = move |act: Act| {
        if untrack(|| changes(act)) {
            on_change.run(field.after(square.get_untracked(), act));
        }
    };
    let buttons = BUTTONS.map(|(act, label, path)| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=label
                // Not `disabled`: that would take the focus away.
                aria-disabled=move || (!changes(act)).then_some("true")
                on:click=move |_| press(act)
            >
                <Glyph path />
            </button>
        }
    });
    view! {
        <div class="frame-tools" role="group" aria-label=text::FRAME>
            {buttons}
            <button
                type="button"
                class="button"
                aria-disabled=move || is_own.get().then_some("true")
                on:click=move |_| press(Act::Reset)
            >
                {text::RESET}
            </button>
        </div>
    }
}
