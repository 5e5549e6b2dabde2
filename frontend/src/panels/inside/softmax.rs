//! Numbers to probabilities, with a temperature that one can move.

use std::sync::Arc;

use conch_shared::label::top_k;
use conch_shared::model::Activation;
use leptos::prelude::*;

use super::input::with_input;
use super::wire::{Wire, with_answer};
use crate::components::bars::ROWS;
use crate::components::temperature::Temperature;
use crate::laboratory::agreement::agreement;
use crate::laboratory::input::Input;
use crate::laboratory::temperature;
use crate::state::Photo;
use crate::text::wire as words;

/// Numbers to probabilities.
#[component]
pub(crate) fn Softmax(photo: Photo) -> impl IntoView {
    with_input(move |input| {
        let has_softmax =
            Memo::new(move |_| input.with(|input| input.model.activation == Activation::Softmax));
        let photo = photo.clone();
        let shown = move || match has_softmax.get() {
            true => view! { <Movable input photo=photo.clone() /> }.into_any(),
            false => view! { <p class="inside-say">{words::NO_SOFTMAX}</p> }.into_any(),
        };
        view! { {shown} }.into_any()
    })
}

#[component]
fn Movable(input: Signal<Arc<Input>>, photo: Photo) -> impl IntoView {
    let labels = Wire::here().labels();
    let chosen = RwSignal::new(1.0);
    let given = photo.answer;
    let shown = with_answer(move |answer| {
        let shares = Memo::new(move |_| temperature::softmax(&answer.get().logits, chosen.get()));
        // The order is the logits', whatever the temperature is.
        let best = Memo::new(move |_| top_k(&answer.get().logits, ROWS));
        let rows = move || {
            let rows = best.get().into_iter().map(|class| {
                let label =
                    move || labels.with(|labels| labels.get(class).cloned().unwrap_or_default());
                let share = move || shares.with(|shares| shares.get(class).copied().unwrap_or(0.0));
                view! {
                    <li class="warm-row" data-class=class>
                        <span class="warm-label">{label}</span>
                        <span class="warm-share">{move || words::share(share())}</span>
                        <span class="warm-bar" aria-hidden="true">
                            <span
                                class="warm-fill"
                                style:width=move || format!("{:.2}%", 100.0 * share())
                            ></span>
                        </span>
                    </li>
                }
            });
            rows.collect_view()
        };
        let entropy = move || shares.with(|shares| words::entropy(temperature::entropy(shares)));
        let given = given.clone();
        let at_one = Memo::new(move |_| {
            let agreement = given.with(|given| {
                let given = given.as_ref()?;
                Some(input.with(|input| agreement(given, input, &answer.get().logits)))
            });
            words::at_one(agreement.as_ref())
        });
        let is_answer = move || match chosen.get() == 1.0 {
            true => at_one.get(),
            false => words::IS_NOT_ANSWER.to_owned(),
        };
        view! {
            <Temperature chosen />
            <ol class="warm" role="list" aria-label=words::LARGEST>
                {rows}
            </ol>
            <p class="warm-entropy">{entropy}</p>
            <p class="inside-note">{is_answer}</p>
        }
        .into_any()
    });
    view! {
        <p class="inside-say">{words::SOFTMAX_LEAD}</p>
        <Formula />
        <p class="inside-note">{words::WHY_MAX}</p>
        {shown}
    }
}

/// The formula, in letters that every browser has.
#[component]
fn Formula() -> impl IntoView {
    let power = |index: &'static str| {
        view! {
            "exp(("
            <i>"z"</i>
            <sub>{index}</sub>
            " − max "
            <i>"z"</i>
            ") / "
            <i>"T"</i>
            ")"
        }
    };
    view! {
        <p class="formula">
            <span class="visually-hidden">{words::FORMULA_READ}</span>
            <span class="formula-shown" aria-hidden="true">
                <span>
                    <i>"p"</i>
                    <sub>"i"</sub>
                    " = "
                </span>
                <span class="formula-fraction">
                    <span>{power("i")}</span>
                    <span>
                        "Σ"
                        <sub>"j"</sub>
                        " "
                        {power("j")}
                    </span>
                </span>
            </span>
        </p>
    }
}
