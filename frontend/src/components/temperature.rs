//! A slider for a temperature, each step of which multiplies.

use leptos::prelude::*;

use crate::laboratory::temperature::{STEPS, at, place};
use crate::text::wire as text;

/// The slider, its value, and the way back to 1.
#[component]
pub(crate) fn Temperature(chosen: RwSignal<f64>) -> impl IntoView {
    let slide = move |event| {
        if let Ok(step) = event_target_value(&event).parse::<f64>() {
            chosen.set(at(step / f64::from(STEPS)));
        }
    };
    let step = move || (place(chosen.get()) * f64::from(STEPS)).round().to_string();
    let shown = move || text::temperature(chosen.get());
    view! {
        <div class="warm-slider">
            <label for="temperature">{text::TEMPERATURE}</label>
            // The slider says it to a screen reader; an `output` would say it once more.
            <span class="warm-value" aria-hidden="true">
                {shown}
            </span>
            <input
                id="temperature"
                type="range"
                min="0"
                max=STEPS
                prop:value=step
                aria-valuetext=shown
                on:input=slide
            />
            <button type="button" class="button" on:click=move |_| chosen.set(1.0)>
                {text::RESET}
            </button>
        </div>
    }
}
