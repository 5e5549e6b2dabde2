//! The five best labels, each with its probability as a number and as a bar.

use conch_shared::label::Prediction;
use leptos::prelude::*;

use crate::text;

/// Rows that a card always has room for, so that nothing moves when the labels come.
pub(crate) const ROWS: usize = 5;

/// The labels, the best first and largest.
#[component]
pub(crate) fn Bars(predictions: Vec<Prediction>) -> impl IntoView {
    let rows = predictions
        .into_iter()
        .map(|Prediction { label, score, .. }| {
            // NaN draws no bar.
            let width = (score.clamp(0.0, 1.0) * 100.0).max(0.0);
            view! {
                <li class="row">
                    <span class="row-label">{label}</span>
                    <span class="row-share">{text::percent(score)}</span>
                    <span class="row-bar" aria-hidden="true">
                        <span class="row-fill" style:width=format!("{width:.2}%")></span>
                    </span>
                </li>
            }
        });
    view! {
        // A list without its bullets is no list to Safari, unless it says so.
        <ol class="rows" role="list" aria-label=text::FIVE_BEST>
            {rows.collect_view()}
        </ol>
    }
}

/// The rows' places while there are no labels yet; `children` says why.
#[component]
pub(crate) fn EmptyBars(children: Children) -> impl IntoView {
    let row = |text| {
        view! {
            <div class="row">
                <p class="row-label">{text}</p>
                <span class="row-bar"></span>
            </div>
        }
    };
    view! {
        <div class="rows is-empty">
            {row(Some(children()))} {(1..ROWS).map(|_| row(None)).collect_view()}
        </div>
    }
}
