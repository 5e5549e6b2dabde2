//! A tensor's bytes in hexadecimal, value by value. Only the rows in sight are in the document.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

use crate::laboratory::hex;
use crate::text::pixels as text;

/// Height of a row, rem; the style sheet has the same.
const ROW_HEIGHT: f64 = 1.5;
/// Greatest height of all rows together, rem: browsers end at some 17 million pixels. Beyond it, a
/// pixel of the scroll bar is more than one of the rows.
const MAX_HEIGHT: f64 = 500_000.0;

/// Bytes to show: each a value, or four of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Values {
    /// All bytes.
    pub(crate) bytes: Arc<[u8]>,
    /// Whether they are FP32, little-endian; else UINT8.
    pub(crate) are_floats: bool,
}

impl Values {
    /// Bytes of a value.
    pub(crate) fn size(&self) -> usize {
        if self.are_floats { 4 } else { 1 }
    }

    /// How many there are.
    fn count(&self) -> usize {
        self.bytes.len() / self.size()
    }

    /// The bytes of one; none where it is not there.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let at = index * self.size();
        self.bytes.get(at..at + self.size()).unwrap_or_default()
    }

    /// One as a number; nothing where it is not there.
    pub(crate) fn text(&self, index: usize) -> String {
        match *self.get(index) {
            [byte] => byte.to_string(),
            [a, b, c, d] => text::number(f32::from_le_bytes([a, b, c, d]), 4),
            _ => String::new(),
        }
    }
}

/// A grid of rows: offset, bytes, values. The arrows, Page Up and Down, Home and End pick a value,
/// and so does the pointer; the picked one is kept in sight. `says`: the picked value for a screen
/// reader.
#[component]
pub(crate) fn HexView(
    values: Memo<Values>,
    #[prop(into)] picked: Signal<usize>,
    says: Signal<String>,
    on_pick: Callback<usize>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let view = NodeRef::<html::Div>::new();
    let first = RwSignal::new(0);
    let rows = move || values.with(|values| hex::rows(values.bytes.len()));
    let way = move |view: &Element| f64::from(view.scroll_height() - view.client_height());
    let scrolled = move |_| {
        if let Some(view) = view.get_untracked() {
            let row = hex::first_row(f64::from(view.scroll_top()), way(&view), rows());
            first.maybe_update(|first| std::mem::replace(first, row) != row);
        }
    };
    // Whoever picked it, the picked value comes into sight.
    Effect::new(move || {
        let row = picked.get() * values.with(|values| values.size()) / hex::ROW;
        let (now, rows) = (first.get_untracked(), rows());
        let to = hex::showing(row, now).min(rows.saturating_sub(hex::VISIBLE));
        if let Some(view) = view.get()
            && to != now
        {
            first.set(to);
            view.set_scroll_top(hex::scroll(to, way(&view), rows).round() as i32);
        }
    });
    let pressed = move |event: KeyboardEvent| {
        let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        let to = values.with_untracked(|values| {
            hex::step(
                &event.key(),
                picked.get_untracked(),
                values.size(),
                values.count(),
            )
        });
        if let Some(to) = to.filter(|_| !with_modifier) {
            // Nor does the page take it for its own.
            event.prevent_default();
            event.stop_propagation();
            on_pick.run(to);
        }
    };
    let pointed = move |event: PointerEvent| {
        if let Some(index) = pointed_at(event.target()) {
            on_pick.run(index);
        }
    };
    // None while the picked value is scrolled out of sight, and so out of the document.
    let active = move || {
        let row = picked.get() * values.with(|values| values.size()) / hex::ROW;
        let first = first.get();
        (first..first + hex::VISIBLE)
            .contains(&row)
            .then(|| cell_id(picked.get()))
    };
    let height = move || (rows() as f64 * ROW_HEIGHT).min(MAX_HEIGHT);
    view! {
        <div
            class="hex"
            class:is-bytes=move || values.with(|values| values.size() == 1)
            node_ref=view
            role="grid"
            tabindex="0"
            aria-label=label
            aria-rowcount=move || rows().to_string()
            aria-activedescendant=active
            on:scroll=scrolled
            on:keydown=pressed
            on:pointermove=pointed
            on:pointerdown=pointed
        >
            <div class="hex-whole" role="presentation" style:height=move || format!("{}rem", height())>
                <div class="hex-rows" role="presentation">
                    {(0..hex::VISIBLE)
                        .map(|at| {
                            let row = Signal::derive(move || first.get() + at);
                            view! { <Row values row picked says /> }
                        })
                        .collect_view()}
                </div>
            </div>
        </div>
    }
}

/// A row in sight; empty beyond the last one.
#[component]
fn Row(
    values: Memo<Values>,
    row: Signal<usize>,
    picked: Signal<usize>,
    says: Signal<String>,
) -> impl IntoView {
    let offset = move || row.get() * hex::ROW;
    let is_there = move || values.with(|values| offset() < values.bytes.len());
    let cells = move || {
        values.with(|values| {
            let from = offset() / values.size();
            let to = (from + hex::ROW / values.size()).min(values.count());
            (from..to)
                .map(|index| cell(values, index, picked, says))
                .collect_view()
        })
    };
    let texts = move || {
        values.with(|values| {
            let from = offset() / values.size();
            let to = (from + hex::ROW / values.size()).min(values.count());
            let text = |index| view! { <span data-index=index>{values.text(index)}</span> };
            (from..to).map(text).collect_view()
        })
    };
    view! {
        <div
            class="hex-row"
            role="row"
            hidden=move || !is_there()
            aria-rowindex=move || (row.get() + 1).to_string()
            data-offset=move || offset().to_string()
        >
            <span class="hex-offset" role="rowheader">
                {move || format!("{:06x}", offset())}
            </span>
            {cells}
            <span class="hex-texts" aria-hidden="true">
                {texts}
            </span>
        </div>
    }
}

fn cell(
    values: &Values,
    index: usize,
    picked: Signal<usize>,
    says: Signal<String>,
) -> impl IntoView + use<> {
    let is_picked = move || picked.get() == index;
    let digits = hex::digits(values.get(index));
    let label = {
        let digits = digits.clone();
        move || is_picked().then(|| format!("{digits}: {}", says.get()))
    };
    view! {
        <span
            class="hex-value"
            class:is-picked=is_picked
            role="gridcell"
            id=cell_id(index)
            aria-selected=move || is_picked().to_string()
            aria-label=label
            data-index=index
        >
            {digits}
        </span>
    }
}

fn cell_id(index: usize) -> String {
    format!("hex-{index}")
}

fn pointed_at(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?;
    let value = element.closest("[data-index]").ok()??;
    value.get_attribute("data-index")?.parse().ok()
}
