//! A value a class, drawn; a class is chosen by pointer, finger or arrows, as on a slider.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use crate::laboratory::plot::{HEIGHT, Scale, path};
use crate::text::wire as text;

/// Classes that PageUp and PageDown leap over.
const LEAP: usize = 50;

/// The drawing, and what the chosen class is.
#[component]
pub(crate) fn ClassPlot(
    values: Memo<Vec<f32>>,
    chosen: RwSignal<usize>,
    /// The largest, drawn in the accent's colour.
    best: Memo<Vec<usize>>,
    labels: Signal<Arc<[String]>>,
) -> impl IntoView {
    let plot = NodeRef::<html::Div>::new();
    let count = move || values.with(Vec::len);
    let last = move || count().saturating_sub(1);
    let all = move || values.with(|values| path(values, 0..values.len()));
    let largest = move || values.with(|values| path(values, best.get().into_iter()));
    let zero = move || values.with(|values| Scale::of(values).y(0.0)).to_string();
    let at = move || (chosen.get() as f32 + 0.5).to_string();
    let value = move || values.with(|values| values.get(chosen.get()).copied().unwrap_or(0.0));
    let name = move || {
        let label = labels.with(|labels| labels.get(chosen.get()).cloned());
        text::class(chosen.get(), label.as_deref())
    };
    let says = move || format!("{}: {}", name(), text::float(value()));
    let point = move |event: &PointerEvent| {
        let Some(plot) = plot.get_untracked() else {
            return;
        };
        let frame = plot.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - frame.left()) / frame.width();
        let class = share.clamp(0.0, 1.0) * count() as f64;
        chosen.set((class as usize).min(last()));
    };
    let on_down = move |event: PointerEvent| point(&event);
    // A finger scrolls the page up and down, and chooses from side to side; see the styles.
    let on_move = move |event: PointerEvent| {
        if event.buttons() != 0 || event.pointer_type() == "mouse" {
            point(&event);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let (now, last) = (chosen.get_untracked(), last());
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => now + 1,
            "PageDown" => now.saturating_sub(LEAP),
            "PageUp" => now + LEAP,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        // The arrows are this slider's now, not the way to the next photo.
        event.stop_propagation();
        chosen.set(to.min(last));
    };
    view! {
        <div class="plot">
            <div
                class="plot-field"
                node_ref=plot
                role="slider"
                tabindex="0"
                aria-label=text::PLOT
                aria-valuemin="0"
                aria-valuemax=move || last().to_string()
                aria-valuenow=move || chosen.get().to_string()
                aria-valuetext=says
                on:pointerdown=on_down
                on:pointermove=on_move
                on:keydown=on_key
            >
                <svg
                    viewBox=move || format!("0 0 {} {HEIGHT}", count().max(1))
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    <path class="plot-all" d=all />
                    <path class="plot-best" d=largest />
                    <line class="plot-zero" x1="0" x2=move || count().to_string() y1=zero y2=zero />
                    <line class="plot-at" x1=at x2=at y1="0" y2=HEIGHT.to_string() />
                </svg>
            </div>
            <p class="plot-says" aria-hidden="true">
                <span class="plot-name">{name}</span>
                <span class="plot-value">{move || text::float(value())}</span>
            </p>
        </div>
    }
}
