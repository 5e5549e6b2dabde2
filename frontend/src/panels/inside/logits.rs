//! The model's numbers, a number a class.

use conch_shared::label::top_k;
use conch_shared::model::Activation;
use leptos::prelude::*;

use super::input::with_input;
use super::wire::{Wire, with_answer};
use crate::components::bars::ROWS;
use crate::components::class_finder::ClassFinder;
use crate::components::class_plot::ClassPlot;
use crate::laboratory::plot::extremes;
use crate::text::wire as words;

/// The model's numbers.
#[component]
pub(crate) fn Logits() -> impl IntoView {
    let labels = Wire::here().labels();
    let lead = with_input(|input| {
        let lead = move || match input.with(|input| input.model.activation) {
            Activation::Softmax => words::LOGITS_LEAD,
            Activation::None => words::OUTPUTS_LEAD,
        };
        view! { <p class="inside-say">{lead}</p> }.into_any()
    });
    let shown = with_answer(move |answer| {
        let values = Memo::new(move |_| answer.get().logits.clone());
        let best = Memo::new(move |_| values.with(|values| top_k(values, ROWS)));
        let chosen = RwSignal::new(best.get_untracked().first().copied().unwrap_or(0));
        let named = move |class: usize| {
            words::class(
                class,
                labels.with(|labels| labels.get(class).cloned()).as_deref(),
            )
        };
        let value = move |class| values.with(|values| values.get(class).copied().unwrap_or(0.0));
        let extreme = move |which: usize| {
            let class = values.with(|values| extremes(values))[which];
            words::value_of(&words::float(value(class)), &named(class))
        };
        let rows = move || {
            let rows = best.get().into_iter().map(|class| {
                view! {
                    <li>
                        <button
                            type="button"
                            class="logit-row"
                            aria-pressed=move || {
                                if chosen.get() == class { "true" } else { "false" }
                            }
                            on:click=move |_| chosen.set(class)
                        >
                            <span class="logit-class">{class}</span>
                            <span class="logit-label">
                                {move || labels.with(|labels| labels.get(class).cloned())}
                            </span>
                            <span class="logit-value">{words::float(value(class))}</span>
                        </button>
                    </li>
                }
            });
            rows.collect_view()
        };
        view! {
            <ClassPlot values chosen best labels />
            <ClassFinder chosen labels count=Signal::derive(move || values.with(Vec::len)) />
            <h4 class="inside-sub">{words::LARGEST}</h4>
            <ol class="logit-rows" role="list">
                {rows}
            </ol>
            <dl class="logit-range">
                <div>
                    <dt>{words::GREATEST}</dt>
                    <dd>{move || extreme(1)}</dd>
                </div>
                <div>
                    <dt>{words::LEAST}</dt>
                    <dd>{move || extreme(0)}</dd>
                </div>
            </dl>
        }
        .into_any()
    });
    view! {
        {lead}
        {shown}
    }
}
