//! A histogram: how often each value is there, as an area above an axis.

use leptos::prelude::*;

use crate::laboratory::histogram::{BINS, HEIGHT};

/// A histogram by its outline. `label` is its text alternative; `zero` says where on the axis 0
/// stands, as a share of its length.
#[component]
pub(crate) fn Histogram(outline: String, zero: Option<f32>, label: String) -> impl IntoView {
    let zero = zero.map(|zero| {
        let at = zero * BINS as f32;
        view! { <path class="histogram-zero" d=format!("M{at:.2} 0V{HEIGHT}") /> }
    });
    view! {
        <svg
            class="histogram"
            viewBox=format!("0 0 {BINS} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <path class="histogram-area" d=outline />
            {zero}
        </svg>
    }
}
