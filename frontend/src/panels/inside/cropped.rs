//! The square that the model sees, pixel by pixel.

use leptos::prelude::*;

use super::fields::PlaceFields;
use super::input::{Picked, with_input};
use crate::components::pixel_picker::PixelPicker;
use crate::components::pixels::Pixels;
use crate::laboratory::picture;
use crate::text::pixels as text;

/// The crop, out of the very tensor; each of its pixels can be picked.
#[component]
pub(crate) fn Cropped() -> impl IntoView {
    with_input(|input| {
        let Picked(picked) = expect_context();
        let crop = Memo::new(move |_| input.with(|input| picture::crop(input)));
        let position = Memo::new(move |_| input.with(|input| picked.get().within(input.recipe())));
        let pixel = Memo::new(move |_| (position.get().row, position.get().column));
        let pick = Callback::new(move |pixel| picked.set(position.get_untracked().at(pixel)));
        let colours = Memo::new(move |_| {
            let (row, column) = pixel.get();
            crop.with(|crop| picture::pixel(crop, row, column))
                .unwrap_or_default()
        });
        let around = Signal::derive(move || {
            let (row, column) = pixel.get();
            crop.with(|crop| picture::around(crop, row, column))
        });
        let last = Signal::derive(move || crop.with(|crop| crop.width as usize).saturating_sub(1));
        let names = ["Red", "Green", "Blue"];
        let bars = (0..3).map(|at| {
            let byte = move || colours.get()[at];
            view! {
                <div class="fact">
                    <dt>{names[at]}</dt>
                    <dd>{byte}</dd>
                    <dd class="inside-bar" aria-hidden="true" data-colour=names[at]>
                        <span style:width=move || format!("{:.2}%", f32::from(byte()) / 2.55)></span>
                    </dd>
                </div>
            }
        });
        view! {
            <p class="inside-say">{text::CROPPED}</p>
            <div class="inside-pair">
                <PixelPicker picture=crop pixel on_pick=pick label=text::PICK />
                <div class="inside-beside">
                    <div class="inside-fields">
                        <PlaceFields pixel last on_pick=pick />
                    </div>
                    <dl class="facts">{bars.collect_view()}</dl>
                    <figure class="inside-around">
                        <Pixels picture=around />
                        <figcaption class="inside-note">{text::AROUND}</figcaption>
                    </figure>
                </div>
            </div>
            <p class="visually-hidden" aria-live="polite">
                {move || text::pixel(pixel.get().0, pixel.get().1, colours.get())}
            </p>
        }
        .into_any()
    })
}
