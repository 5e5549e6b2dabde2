//! A picture that one picks a pixel of: by pointer, by finger, by key.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::pixels::{Pixels, Rgba};
use crate::laboratory::picture;

/// A square picture, enlarged, with a ring around the picked pixel: its row and its column.
#[component]
pub(crate) fn PixelPicker(
    #[prop(into)] picture: Signal<Rgba>,
    #[prop(into)] pixel: Signal<(usize, usize)>,
    on_pick: Callback<(usize, usize)>,
    #[prop(into)] label: String,
) -> impl IntoView {
    let side = move || picture.with(|picture| picture.width as usize);
    let pressed = move |event: KeyboardEvent| {
        let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        let to = picture::step(
            &event.key(),
            event.shift_key(),
            pixel.get_untracked(),
            side(),
        );
        if let Some(to) = to.filter(|_| !with_modifier) {
            // Nor does the page take it for its own.
            event.prevent_default();
            event.stop_propagation();
            on_pick.run(to);
        }
    };
    let pointed = move |event: PointerEvent| {
        if let Some(to) = pixel_under(&event, side()) {
            on_pick.run(to);
        }
    };
    let middle =
        move |at: usize| format!("{:.3}%", (at as f64 + 0.5) / side().max(1) as f64 * 100.0);
    view! {
        <div
            class="picker"
            role="application"
            tabindex="0"
            aria-label=label
            on:keydown=pressed
            on:pointermove=pointed
            on:pointerdown=pointed
        >
            <Pixels picture class="picker-pixels" />
            <span
                class="picker-ring"
                style:top=move || middle(pixel.get().0)
                style:left=move || middle(pixel.get().1)
            ></span>
        </div>
    }
}

/// Row and column of the pixel under the pointer.
fn pixel_under(event: &PointerEvent, side: usize) -> Option<(usize, usize)> {
    let element = event.current_target()?.dyn_into::<Element>().ok()?;
    let area = element.get_bounding_client_rect();
    // A cast to an unsigned integer clamps at zero.
    let at = |from: f64, length: f64| {
        ((from / length * side as f64) as usize).min(side.saturating_sub(1))
    };
    let row = at(f64::from(event.client_y()) - area.top(), area.height());
    let column = at(f64::from(event.client_x()) - area.left(), area.width());
    (side > 0).then_some((row, column))
}
