//! How far all photos are.

use leptos::prelude::*;

use crate::state::Progress;
use crate::text;

/// A line of text, and a bar while something is under way.
#[component]
pub(crate) fn ProgressBar(#[prop(into)] progress: Signal<Progress>) -> impl IntoView {
    let busy = move || progress.with(|p| p.all > 1 && p.settled < p.all);
    view! {
        <p class="progress">
            <span id="progress-text">{move || text::progress(progress.get())}</span>
            <progress
                class:is-shown=busy
                aria-labelledby="progress-text"
                max=move || progress.get().all.max(1).to_string()
                value=move || progress.get().settled.to_string()
            ></progress>
        </p>
    }
}
