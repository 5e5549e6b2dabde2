//! What the colours of an occlusion map mean, in numbers.

use leptos::prelude::*;

use super::pixels::{Pixels, Rgba};
use crate::explanation::Explanation;
use crate::occlusion::colour::colour;
use crate::text::why as text;

/// Colours of the scale.
const STEPS: u16 = 64;

/// A scale from what raises the probability most to what lowers it most.
#[component]
pub(crate) fn HeatLegend(#[prop(into)] explanation: Signal<Explanation>) -> impl IntoView {
    let of = move |share: f32, from: f32, to: f32, scale: f32| {
        colour((from + (to - from) * share) / scale)
    };
    let picture = Signal::derive(move || {
        explanation.with(|explanation| {
            let (lowers, raises) = explanation.heat.extremes();
            let scale = explanation.heat.cells().scale;
            let step = |at| of(f32::from(at) / f32::from(STEPS - 1), -raises, lowers, scale);
            Rgba {
                width: STEPS.into(),
                height: 1,
                bytes: (0..STEPS).flat_map(step).collect(),
            }
        })
    });
    let extremes = move || explanation.with(|explanation| explanation.heat.extremes());
    let title = move || explanation.with(|explanation| text::legend(&explanation.label));
    view! {
        <div class="legend">
            <p class="legend-title">{title}</p>
            <Pixels picture class="legend-scale" />
            <p class="legend-end">{move || text::raises(extremes().1)}</p>
            <p class="legend-end">{move || text::lowers(extremes().0)}</p>
        </div>
    }
}
