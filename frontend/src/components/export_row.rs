//! The ways out for the results.

use leptos::prelude::*;

use crate::text::intake as text;

/// A way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// As text, into the clipboard.
    Copy,
    /// As a JSON file.
    Json,
    /// As a CSV file.
    Csv,
    /// On paper.
    Print,
}

/// A button for each way out.
#[component]
pub(crate) fn ExportRow(id: &'static str, on_choose: Callback<Way>) -> impl IntoView {
    let ways = [
        (Way::Copy, text::COPY_TEXT),
        (Way::Json, text::SAVE_JSON),
        (Way::Csv, text::SAVE_CSV),
        (Way::Print, text::PRINT),
    ];
    let button = |(way, name)| {
        view! {
            <button type="button" class="button" on:click=move |_| on_choose.run(way)>
                {name}
            </button>
        }
    };
    view! {
        <div id=id class="export-row" role="group" aria-label=text::EXPORT>
            {ways.map(button)}
        </div>
    }
}
