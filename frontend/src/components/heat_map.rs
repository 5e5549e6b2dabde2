//! An occlusion map over whatever lies under it.

use leptos::prelude::*;

use super::pixels::{Pixels, Rgba};
use crate::occlusion::heat::{Cell, Cells};

/// The map, as large as its place, once there is one; decoration to a screen reader. `marked`: the
/// cell that is read.
#[component]
pub(crate) fn HeatMap(
    #[prop(into)] cells: Signal<Option<Cells>>,
    #[prop(into)] opacity: Signal<f64>,
    #[prop(into)] marked: Signal<Option<Cell>>,
) -> impl IntoView {
    let is_here = Memo::new(move |_| cells.with(Option::is_some));
    let picture = Signal::derive(move || {
        let cells = cells.get().unwrap_or_default();
        Rgba {
            width: cells.across as u32,
            height: cells.across as u32,
            bytes: cells.paint().into(),
        }
    });
    let mark = move || {
        let (cell, across) = (marked.get()?, cells.with(|c| Some(c.as_ref()?.across))?);
        let percent = |at: usize| format!("{:.3}%", 100.0 * at as f64 / across as f64);
        Some(view! {
            <span
                class="heat-mark"
                style:left=percent(cell.column)
                style:top=percent(cell.row)
                style:width=percent(1)
                style:height=percent(1)
            ></span>
        })
    };
    view! {
        <Show when=move || is_here.get()>
            <div class="heat" aria-hidden="true">
                <div class="heat-cells" style:opacity=move || opacity.get().to_string()>
                    <Pixels picture />
                </div>
                {mark}
            </div>
        </Show>
    }
}
