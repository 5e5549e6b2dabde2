//! Which model answered, and how long each part took.

use std::sync::Arc;

use leptos::prelude::*;

use crate::state::Outcome;
use crate::text;
use crate::timing::Times;

/// A line of instruments under the labels. While there is a `status`, the photo is asked about
/// again, and that is said in the model's place.
#[component]
pub(crate) fn Readout(
    outcome: Arc<Outcome>,
    status: Signal<Option<&'static str>>,
) -> impl IntoView {
    let Times { server, .. } = outcome.times;
    let prepare = Some(outcome.times.prepare());
    let whole = Some(outcome.times.whole());
    let line = move || match status.get() {
        Some(status) => status.to_owned(),
        None if outcome.prepared.exact => outcome.model.display.title.clone(),
        None => format!("{} · {}", outcome.model.display.title, text::BY_BROWSER),
    };
    let parts = [
        (text::TIME_PREPARE, prepare),
        (text::TIME_QUEUE, server.queue),
        (text::TIME_MODEL, server.infer),
        (text::TIME_UPSTREAM, server.upstream),
        (text::TIME_WHOLE, whole),
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
    view! {
        <div class="readout">
            <p class="readout-model">{line}</p>
            <dl class="readout-times">{parts.collect_view()}</dl>
        </div>
    }
}

/// The readout's place while there is nothing to read.
#[component]
pub(crate) fn EmptyReadout() -> impl IntoView {
    view! { <div class="readout is-empty"></div> }
}
