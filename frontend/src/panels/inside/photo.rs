//! The photo as it came: a file, and how many bytes it is at each stage.

use std::sync::Arc;

use leptos::prelude::*;

use super::input::with_input;
use crate::components::facts::Facts;
use crate::laboratory::input::Input;
use crate::state::Photo;
use crate::text::tensor as text;

/// The photo as it came.
#[component]
pub(crate) fn File(photo: Photo) -> impl IntoView {
    let name = photo.name;
    let shown = move |input: Signal<Arc<Input>>| {
        let name = name.clone();
        let facts = Signal::derive(move || {
            let input = input.get();
            let prepared = &input.prepared;
            let decoded = match prepared.exact {
                true => text::BY_CONCH,
                false => text::BY_BROWSER,
            };
            vec![
                (text::NAME, name.to_string()),
                (text::FORMAT, text::format_of(&name)),
                (text::SIZE, text::size(prepared.width, prepared.height)),
                (text::PIXELS, text::pixels(prepared.width, prepared.height)),
                (text::DECODED, decoded.to_owned()),
            ]
        });
        let stages = Memo::new(move |_| {
            let input = input.get();
            let prepared = &input.prepared;
            let raw = 3.0 * f64::from(prepared.width) * f64::from(prepared.height);
            [prepared.file_bytes, raw, prepared.tensor.len() as f64]
        });
        view! {
            <Facts facts />
            <h4 class="inside-sub">{text::BYTES}</h4>
            {move || view! { <Bytes stages=stages.get() /> }}
        }
        .into_any()
    };
    view! {
        <p class="inside-say">{text::FILE}</p>
        {with_input(shown)}
    }
}

/// File, pixels and tensor, each as a number and as a bar.
#[component]
fn Bytes(stages: [f64; 3]) -> impl IntoView {
    let [file, raw, _] = stages;
    let most = stages.into_iter().fold(1.0, f64::max);
    let names = [text::THE_FILE, text::THE_PIXELS, text::THE_TENSOR];
    let rows = names.into_iter().zip(stages).map(|(name, bytes)| {
        let width = format!("{:.2}%", bytes / most * 100.0);
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{text::bytes(bytes)}</dd>
                <dd class="inside-bar" aria-hidden="true">
                    <span style:width=width></span>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="facts">{rows.collect_view()}</dl>
        <p class="inside-note">{text::unpacked(file, raw)}</p>
    }
}
