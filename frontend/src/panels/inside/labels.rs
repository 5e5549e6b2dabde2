//! The best five: from numbers to names.

use conch_shared::label::top_k;
use leptos::prelude::*;

use super::input::with_input;
use super::wire::{Wire, with_answer};
use crate::components::bars::ROWS;
use crate::laboratory::agreement::{agreement, shares};
use crate::state::Photo;
use crate::text::{self, wire as words};

/// The best five.
#[component]
pub(crate) fn Labels(photo: Photo) -> impl IntoView {
    let labels = Wire::here().labels();
    let shown = with_input(move |input| {
        let photo = photo.clone();
        with_answer(move |answer| {
            let given = photo.answer.clone();
            let table = move || {
                let (answer, labels) = (answer.get(), labels.get());
                let logits = &answer.logits;
                let shares = input.with(|input| shares(&input.model, logits));
                let best = top_k(logits, ROWS);
                let agreement = given.with(|given| {
                    let given = given.as_ref()?;
                    Some(input.with(|input| agreement(given, input, logits)))
                });
                let rows = best.into_iter().zip(1..).map(|(class, rank)| {
                    let label = labels.get(class).cloned().unwrap_or_default();
                    view! {
                        <tr>
                            <td class="top-rank">{rank}</td>
                            <td>{class}</td>
                            <td>{class + 1}</td>
                            <th scope="row" class="top-label">
                                {label}
                            </th>
                            <td class="top-logit">{words::float(logits[class])}</td>
                            <td>{text::percent(shares[class])}</td>
                        </tr>
                    }
                });
                let rows = rows.collect_view();
                view! {
                    <table class="top">
                        <thead>
                            <tr>
                                <th scope="col" class="top-rank">
                                    {words::RANK}
                                </th>
                                <th scope="col">{words::CLASS}</th>
                                <th scope="col">{words::LINE}</th>
                                <th scope="col">{words::LABEL}</th>
                                <th scope="col" class="top-logit">
                                    {words::LOGIT}
                                </th>
                                <th scope="col">{words::PROBABILITY}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <p class="inside-note">{agreement.as_ref().map(words::five_best)}</p>
                }
            };
            view! { {table} }.into_any()
        })
        .into_any()
    });
    view! {
        <p class="inside-say">{words::LABELS_LEAD}</p>
        {shown}
    }
}
