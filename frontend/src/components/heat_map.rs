//! An occlusion map over whatever lies under it.

use leptos::prelude::*;

use super::pixels::{Pixels, Rgba};
use crate::occlusion::heat::{Cell, Cells};

/// The map, as large as its place; decoration to a screen reader. `marked`: the cell that is read.
#[component]
pub(crate) fn HeatMap(
    #[prop(into)] cells: Signal<Cells>,
    #[prop(into)] opacity: Signal<f64>,
    #[prop(into)] marked: Signal<Option<Cell>>,
) -> impl IntoView {
    let picture = Signal::derive(move || {
        cells.with(|cells| Rgba {
            width: cells.across as u32,
            height: cells.across as u32,
            bytes: cells.paint().into(),
        })
    });
    let mark = move || {
        let share = 100.0 / cells.with(|cells| cells.across as f64);
        let percent = |at: usize| format!("{:.3}%", at as f64 * share);
        marked.get().map(|cell| {
            view! {
                <span
                    class="heat-mark"
                    style:left=percent(cell.column)
                    style:top=percent(cell.row)
                    style:width=percent(1)
                    style:height=percent(1)
                ></span>
            }
        })
    };
    view! {
        <div class="heat" aria-hidden="true">
            <div class="heat-cells" style:opacity=move || opacity.get().to_string()>
                <Pixels picture />
            </div>
            {mark}
        </div>
    }
}
