//! One model of the server: what it is, what it takes, whether it can be chosen.

use conch_shared::api::{ModelInfo, ModelState};
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::icon::{Check, Warning};
use crate::catalogue::title;
use crate::text::models as say;

/// Whether a model answers, could, or cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It answers.
    Chosen,
    /// It could.
    Ready,
    /// It cannot.
    Unavailable,
}

/// A model of the list; `aria-current` where it answers.
#[component]
pub(crate) fn ModelEntry(
    model: ModelInfo,
    #[prop(into)] standing: Signal<Standing>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let name = model.name.clone();
    let heading = title(&model).to_owned();
    let named = heading.clone();
    let choice = move || match standing.get() {
        Standing::Chosen => EitherOf3::A(view! {
            <p class="model-chosen">
                <Check />
                {say::CHOSEN}
            </p>
        }),
        Standing::Ready => {
            let name = name.clone();
            EitherOf3::B(view! {
                <button
                    type="button"
                    class="button"
                    aria-label=say::choose(&named)
                    on:click=move |_| on_choose.run(name.clone())
                >
                    {say::CHOOSE}
                </button>
            })
        }
        Standing::Unavailable => EitherOf3::C(view! {
            <p class="model-away">
                <Warning />
                {say::UNAVAILABLE}
            </p>
        }),
    };
    let reason = match &model.state {
        ModelState::Unavailable { reason } => Some(say::reason(reason)),
        ModelState::Ready => None,
    };
    let reason = reason.map(|reason| view! { <p class="model-reason">{reason}</p> });
    let spec = model.spec.as_ref();
    let description = spec.and_then(|spec| spec.display.description.clone());
    let facts = say::facts(&model).into_iter().map(|(what, fact)| {
        view! {
            <div class="model-fact">
                <dt>{what}</dt>
                <dd>{fact}</dd>
            </div>
        }
    });
    view! {
        <li class="model" aria-current=move || (standing.get() == Standing::Chosen).then_some("true")>
            <div class="model-head">
                <h3 class="model-title">{heading}</h3>
                {choice}
            </div>
            {description.map(|text| view! { <p class="model-description">{text}</p> })}
            {reason}
            <dl class="model-facts">{facts.collect_view()}</dl>
        </li>
    }
}
