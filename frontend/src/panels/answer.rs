//! What the model says of the photo, how long it took, what left the device.

use conch_shared::label::Prediction;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::components::bars::{Bars, EmptyBars};
use crate::components::receipt::Receipt;
use crate::components::waterfall::{EmptyWaterfall, Waterfall, WaterfallLegend};
use crate::connection;
use crate::copying::copy;
use crate::export::Entry;
use crate::state::{Outcome, Phase, Photo, Server, Store};
use crate::text;
use crate::text::answer as say;
use crate::timing::Part;

/// The model's answer. The last one stays to be seen while the photo is asked about again.
#[component]
pub(crate) fn Answer(photo: Photo) -> impl IntoView {
    let store = expect_context::<Store>();
    let name = photo.name.clone();
    let here = Memo::new(move |_| store.server.with(|server| *server != Server::Away));
    let entry = photo.clone();
    let under_way = connection::under_way(photo.phase.clone(), here.into());
    let (answer, phase) = (photo.answer, photo.phase);
    let answer = Memo::new(move |_| answer.get());
    let phase = Memo::new(move |_| phase.get());
    let busy = move || !phase.with(Phase::is_settled);

    let heading = move || match answer.get() {
        Some(outcome) => say::heading(&outcome.model.display.title, &outcome.version),
        None => store.catalogue.with(|catalogue| {
            let spec = catalogue.spec();
            spec.map_or(text::MODEL.to_owned(), |spec| spec.display.title.clone())
        }),
    };
    let labels = move || match (answer.get(), phase.get()) {
        (Some(outcome), _) => {
            EitherOf3::A(view! { <Bars predictions=outcome.predictions.clone() /> })
        }
        // Why, and the way to try again, stand with the photo, beside every panel.
        (None, Phase::Failed(_)) => EitherOf3::B(view! { <p class="answer-none">{say::NONE}</p> }),
        (None, _) => EitherOf3::C(view! { <EmptyBars>""</EmptyBars> }),
    };
    let certainty = move || answer.with(|a| a.as_ref().map(|a| say::certainty(&a.predictions)));
    let numbers = move || answer.with(|a| a.as_ref().map(|a| numbers(&a.predictions)));
    let times = move || match answer.get() {
        Some(outcome) => Either::Left(view! { <Waterfall times=outcome.times /> }),
        None => Either::Right(view! { <EmptyWaterfall /> }),
    };
    let parts = move || answer.with(|a| a.as_deref().map(parts));
    let all = Signal::from(photo.sent);
    let receipt = move || {
        let name = name.to_string();
        answer
            .get()
            .map(|outcome| view! { <Receipt outcome name all /> })
    };
    let copy = move |_| copy(store, vec![Entry::of(&entry)]);
    let has_answer = move || answer.with(Option::is_some);
    let is_approximate = move || answer.with(|a| a.as_ref().is_some_and(|a| !a.prepared.exact));
    let state = move || {
        let approximate = is_approximate().then_some(text::BY_BROWSER);
        under_way.get().or(approximate)
    };
    let has_failed = move || phase.with(|phase| matches!(phase, Phase::Failed(_)));
    view! {
        <div class="answer" class:is-busy=busy aria-busy=move || busy().to_string()>
            <section class="answer-part" aria-labelledby="answer-model">
                <header class="answer-head">
                    <h3 class="answer-title" id="answer-model">
                        {heading}
                    </h3>
                    <p class="answer-state">{state}</p>
                </header>
                <div class="answer-labels">{labels}</div>
                <div class="answer-end" hidden=has_failed>
                    <p class="answer-certainty">{certainty}</p>
                    <button
                        type="button"
                        class="button"
                        disabled=move || !has_answer()
                        on:click=copy
                    >
                        {say::COPY}
                    </button>
                </div>
                <details class="answer-more" hidden=move || !has_answer()>
                    <summary>{say::NUMBERS}</summary>
                    {numbers}
                    <p>{say::NUMBERS_MEAN}</p>
                </details>
            </section>
            // Nothing to count where nothing was asked.
            <div hidden=has_failed>
                <section class="answer-part" aria-labelledby="answer-time">
                    <h3 class="answer-subtitle" id="answer-time">
                        {say::TIME}
                    </h3>
                    {times}
                    <WaterfallLegend />
                    <details class="answer-more" hidden=move || !has_answer()>
                        <summary>{say::PARTS}</summary>
                        {parts}
                    </details>
                </section>
                <section class="answer-part answer-receipt" aria-labelledby="answer-receipt">
                    <h3 class="answer-subtitle" id="answer-receipt">
                        {say::RECEIPT}
                    </h3>
                    {receipt}
                </section>
            </div>
        </div>
    }
}

/// The labels once more, with all that is known of each.
fn numbers(predictions: &[Prediction]) -> impl IntoView + use<> {
    let [label, class, logit, probability] = say::COLUMNS;
    let row = |prediction: &Prediction| {
        view! {
            <tr>
                <th scope="row">{prediction.label.clone()}</th>
                <td>{prediction.index}</td>
                <td>{say::logit(prediction.logit)}</td>
                <td>{say::probability(prediction.score)}</td>
            </tr>
        }
    };
    view! {
        <table class="answer-numbers">
            <thead>
                <tr>
                    <th scope="col">{label}</th>
                    <th scope="col">{class}</th>
                    <th scope="col">{logit}</th>
                    <th scope="col">{probability}</th>
                </tr>
            </thead>
            <tbody>{predictions.iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// A sentence for each part of the time.
fn parts(outcome: &Outcome) -> impl IntoView + use<> {
    let part = |part: Part| {
        view! {
            <div>
                <dt>{say::part(part)}</dt>
                <dd>{say::part_means(part)}</dd>
            </div>
        }
    };
    let spans = outcome.times.spans();
    view! {
        <dl class="answer-parts">
            {spans.iter().map(|span| part(span.part)).collect_view()}
        </dl>
    }
}
