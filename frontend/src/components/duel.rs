//! Two answers beside each other, label by label.

use std::sync::Arc;

use leptos::prelude::*;

use crate::comparison::{Row, Standing, compare};
use crate::state::Outcome;
use crate::text;
use crate::text::compare as say;

/// The first answer and, once it is there, the second; `second` is its model's title. `has_failed`:
/// there will be none.
#[component]
pub(crate) fn Duel(
    first: Arc<Outcome>,
    second: String,
    answer: Option<Arc<Outcome>>,
    has_failed: bool,
) -> impl IntoView {
    let titles = [first.model.display.title.clone(), second];
    let other = answer.as_ref().map(|answer| answer.predictions.as_slice());
    let verdict = other.map(|other| say::verdict(&titles, &first.predictions, other));
    let rows = compare(&first.predictions, other.unwrap_or_default());
    let without = match (&answer, has_failed) {
        (Some(_), _) => None,
        (None, true) => Some(say::FAILED),
        (None, false) => Some("…"),
    };
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| row_view(&row, &titles, without))
        .collect();
    let outcomes = [Some(first), answer];
    let heads = titles.iter().zip(&outcomes).map(|(title, outcome)| {
        let times = outcome.as_ref().map(|outcome| say::times(&outcome.times));
        let version = outcome.as_ref().map(|outcome| say::version(&outcome.version));
        view! {
            <div class="duel-model">
                <p class="duel-title">{title.clone()} " " <span class="duel-version">{version}</span></p>
                <p class="duel-times">{times}</p>
            </div>
        }
    });
    view! {
        <p class="duel-verdict" hidden=has_failed>
            {verdict}
        </p>
        <div class="duel-models">{heads.collect_view()}</div>
        <ol class="duel" role="list" aria-label=say::LABELS>
            {rows}
        </ol>
        <p class="duel-note">{say::POINTS}</p>
    }
}

/// `without`: what stands in the second half while there is no second answer.
fn row_view(
    row: &Row,
    titles: &[String; 2],
    without: Option<&'static str>,
) -> impl IntoView + use<> {
    let mark = without.is_none().then(|| say::mark(row.found, titles));
    let halves = row.found.standings();
    let half = |at: usize| half_view(&titles[at], halves[at], without.unwrap_or(say::ABSENT));
    view! {
        <li class="duel-row">
            <p class="duel-label">{row.label.clone()}</p>
            <p class="duel-mark">{mark}</p>
            <div class="duel-halves">{half(0)} {half(1)}</div>
        </li>
    }
}

fn half_view(title: &str, standing: Option<Standing>, without: &str) -> impl IntoView + use<> {
    let says = match standing {
        Some(Standing { rank, score }) => say::standing(rank, &text::percent(score)),
        None => without.to_owned(),
    };
    // NaN draws no bar.
    let share = standing.map_or(0.0, |standing| standing.score.clamp(0.0, 1.0));
    let width = (share * 100.0).max(0.0);
    view! {
        <div class="duel-half" class:is-absent=standing.is_none()>
            <span class="duel-whose">{title.to_owned()}</span>
            <span class="duel-says">{says}</span>
            <span class="row-bar" aria-hidden="true">
                <span class="row-fill" style:width=format!("{width:.2}%")></span>
            </span>
        </div>
    }
}
