//! What batching buys, in numbers.

use leptos::prelude::*;

use crate::occlusion::batching::{Batching, Way};
use crate::text::why as text;

/// Two rates side by side, what the server counted, and its runs by batch size.
#[component]
pub(crate) fn BatchingFigures(batching: Batching) -> impl IntoView {
    let gain = batching.gain();
    let runs = batching.runs();
    let sentence = text::counted(&batching, &runs).unwrap_or_else(|| text::NO_STATISTICS.into());
    let rows = runs.into_iter().map(|runs| {
        view! {
            <tr>
                <th scope="row">{runs.size}</th>
                <td>{runs.runs}</td>
                <td>{runs.runs * runs.size}</td>
                <td>{text::ms(runs.ms_a_photo)}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let table = (!rows.is_empty()).then(|| {
        let heads = [text::SIZE, text::RUNS, text::PHOTOS, text::MS_A_PHOTO];
        let heads = heads.map(|head| view! { <th scope="col">{head}</th> });
        view! {
            <table class="batching-runs">
                <caption class="visually-hidden">{text::RUNS_TITLE}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="batching-note">{text::EVERYBODY}</p>
        }
    });
    let most = batching.alone.per_second().unwrap_or(0.0);
    let most = most.max(batching.batched.per_second().unwrap_or(0.0));
    view! {
        <dl class="batching-ways">
            {way(text::ALONE, batching.alone, most)} {way(text::BATCHED, batching.batched, most)}
        </dl>
        <p class="batching-gain">
            {gain.map_or_else(|| text::ONE_A_REQUEST.to_owned(), text::gain)}
        </p>
        <p class="batching-counted">{sentence}</p>
        {table}
    }
}

/// One way's rate, as a number and as a bar.
fn way(name: &'static str, way: Way, most: f64) -> impl IntoView {
    way.per_second().map(|rate| {
        let width = format!("{:.2}%", 100.0 * rate / most);
        view! {
            <div class="batching-way">
                <dt>{name}</dt>
                <dd>
                    <span class="batching-rate">{text::rate(rate)}</span>
                    <span class="batching-measured">{text::measured(way.photos, way.ms)}</span>
                    <span class="row-bar" aria-hidden="true">
                        <span class="row-fill" style:width=width></span>
                    </span>
                </dd>
            </div>
        }
    })
}
