//! The photo as it came: a file, and how many bytes it is at each stage.

use std::sync::Arc;

use conch_shared::tensor::DataType;
use leptos::prelude::*;

use super::input::with_input;
use crate::components::facts::Facts;
use crate::laboratory::input::Input;
use crate::settings::sent_as;
use crate::state::{Photo, Store};
use crate::text::pixels as text;

/// The photo as it came.
#[component]
pub(crate) fn File(photo: Photo) -> impl IntoView {
    let settings = expect_context::<Store>().settings;
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
            let sent = sent_as(&input.model, settings.with(|it| it.send));
            let tensor = prepared.tensor.len() * sent.size();
            ([prepared.file_bytes, raw, tensor as f64], sent)
        });
        view! {
            <Facts facts />
            <h4 class="inside-sub">{text::BYTES}</h4>
            {move || {
                let (stages, sent) = stages.get();
                view! { <Bytes stages sent /> }
            }}
        }
        .into_any()
    };
    view! {
        <p class="inside-say">{text::FILE}</p>
        {with_input(shown)}
    }
}

/// File, pixels and tensor, each as a number and as a bar; the tensor goes as `sent`.
#[component]
fn Bytes(stages: [f64; 3], sent: DataType) -> impl IntoView {
    let [file, raw, tensor] = stages;
    let most = stages.into_iter().fold(1.0, f64::max);
    let names = [
        (text::THE_FILE, text::bytes(file)),
        (text::THE_PIXELS, text::bytes(raw)),
        (text::THE_TENSOR, text::sent(tensor, sent)),
    ];
    let rows = names.into_iter().zip(stages).map(|((name, says), bytes)| {
        let width = format!("{:.2}%", bytes / most * 100.0);
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{says}</dd>
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
