//! Which model answered, and how long each part took.

use std::sync::Arc;

use leptos::prelude::*;

use crate::state::Outcome;
use crate::text;
use crate::timing::Times;

/// A line of instruments under the labels.
#[component]
pub(crate) fn Readout(outcome: Arc<Outcome>) -> impl IntoView {
    let model = outcome.model.display.title.clone();
    let times = outcome.times;
    let exact = outcome.prepared.exact;
    let prepare = Some(times.prepare());
    let Times { server, .. } = times;
    let parts = [
        (text::TIME_PREPARE, prepare),
        (text::TIME_QUEUE, server.queue),
        (text::TIME_MODEL, server.infer),
        (text::TIME_UPSTREAM, server.upstream),
        (text::TIME_WHOLE, Some(times.whole())),
    ];
    let parts = parts.into_iter().filter_map(|(name, ms)| {
        let ms = text::duration(ms?);
        Some(view! {
            <div class="readout-part">
                <dt>{name}</dt>
                <dd>{ms}</dd>
            </div>
        })
    });
    let note = (!exact).then(|| format!(" · {}", text::BY_BROWSER));
    view! {
        <div class="readout">
            <p class="readout-model">{model} {note}</p>
            <dl class="readout-times">{parts.collect_view()}</dl>
        </div>
    }
}

/// The readout's place while there is nothing to read.
#[component]
pub(crate) fn EmptyReadout() -> impl IntoView {
    view! { <div class="readout is-empty"></div> }
}
