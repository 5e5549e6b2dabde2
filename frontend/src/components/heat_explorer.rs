//! The crop under its occlusion map, to be read cell by cell: with a pointer, a finger, the arrow
//! keys.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::heat_map::HeatMap;
use super::pixels::{Pixels, Rgba};
use crate::occlusion::heat::{Cell, Cells};
use crate::text::why as text;

/// The picture, and the map over it once there is one. Whichever cell is read is put into `cell`;
/// `describedby` names the element that says how it is read.
#[component]
pub(crate) fn HeatExplorer(
    picture: Rgba,
    #[prop(into)] cells: Signal<Option<Cells>>,
    #[prop(into)] opacity: Signal<f64>,
    cell: RwSignal<Option<Cell>>,
    describedby: &'static str,
) -> impl IntoView {
    let is_here = Memo::new(move |_| cells.with(Option::is_some));
    let point = move |event: PointerEvent| {
        let target = event
            .current_target()
            .and_then(|t| t.dyn_into::<Element>().ok());
        let Some(target) = target else { return };
        let place = target.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - place.left()) / place.width();
        let y = (f64::from(event.client_y()) - place.top()) / place.height();
        cells.with_untracked(|cells| cell.set(cells.as_ref().map(|cells| cells.cell_at(x, y))));
    };
    // A finger that is lifted leaves, too; what it touched stays to be read.
    let leave = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" {
            cell.set(None);
        }
    };
    let press = move |event: KeyboardEvent| {
        let next = cells.with_untracked(|cells| {
            let cells = cells.as_ref()?;
            let here = cell
                .get_untracked()
                .unwrap_or_else(|| cells.cell_at(0.5, 0.5));
            let end = cells.across.cast_signed();
            match event.key().as_str() {
                "ArrowUp" => Some(cells.step(here, -1, 0)),
                "ArrowDown" => Some(cells.step(here, 1, 0)),
                "ArrowLeft" => Some(cells.step(here, 0, -1)),
                "ArrowRight" => Some(cells.step(here, 0, 1)),
                "Home" => Some(cells.step(here, 0, -end)),
                "End" => Some(cells.step(here, 0, end)),
                _ => None,
            }
        });
        if next.is_some() {
            // They are the map's now, not the page's.
            event.prevent_default();
            event.stop_propagation();
            cell.set(next);
        }
    };
    let enter = move |_| {
        if cell.get_untracked().is_none() {
            cells.with_untracked(|cells| {
                cell.set(cells.as_ref().map(|cells| cells.cell_at(0.5, 0.5)));
            });
        }
    };
    let name = move || match cells.with(|cells| cells.as_ref().map(|cells| cells.across)) {
        Some(across) => text::map(across),
        None => text::PICTURE.to_owned(),
    };
    view! {
        <div
            class="heat-explorer"
            role=move || if is_here.get() { "application" } else { "img" }
            aria-roledescription=move || is_here.get().then_some(text::ROLE)
            aria-label=name
            aria-describedby=move || is_here.get().then_some(describedby)
            tabindex=move || is_here.get().then_some("0")
            on:pointermove=point
            on:pointerdown=point
            on:pointerleave=leave
            on:keydown=press
            on:focus=enter
            on:blur=move |_| cell.set(None)
        >
            <Pixels picture=Signal::stored(picture) />
            <HeatMap cells opacity marked=cell />
        </div>
    }
}
