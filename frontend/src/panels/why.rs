//! Which parts of the photo the answer hangs on, and what batching buys.

mod run;

use std::sync::Arc;

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::components::batching::BatchingFigures;
use crate::components::heat_explorer::HeatExplorer;
use crate::components::heat_legend::HeatLegend;
use crate::components::pixels::Rgba;
use crate::explanation::Explanation;
use crate::occlusion::Pass;
use crate::state::{Outcome, Phase, Photo, Store, UserError};
use crate::text::why as text;
use run::{Run, Runner, most, requests};

/// Which parts of the photo the answer hangs on.
#[component]
pub(crate) fn Why(photo: Photo) -> impl IntoView {
    let store = expect_context::<Store>();
    let runner = Runner::new(store, &photo);
    let answer = photo.answer.clone();
    let answer = Memo::new(move |_| answer.get());
    let about = move || match answer.get() {
        Some(outcome) => view! { <Map photo=photo.clone() outcome runner /> }.into_any(),
        None => view! { <p class="why-note">{text::NO_ANSWER}</p> }.into_any(),
    };
    view! {
        <section class="why" aria-labelledby="why-title">
            <h3 id="why-title" class="answer-subtitle">
                {text::TITLE}
            </h3>
            <div>
                <p>{text::LEAD}</p>
                <details class="why-about">
                    <summary>{text::ABOUT}</summary>
                    <p class="why-note">{text::CAVEAT} " " {text::METHOD}</p>
                </details>
            </div>
            {about}
        </section>
    }
}

/// The map of one answer: made, read, and what was measured meanwhile.
#[component]
fn Map(photo: Photo, outcome: Arc<Outcome>, runner: Runner) -> impl IntoView {
    let view = expect_context::<Store>().heat;
    on_cleanup(move || view.cell.set(None));
    let shown = photo.clone();
    let explanation = Memo::new(move |_| shown.explanation());
    let cells = Memo::new(move |_| explanation.get()?.cells());
    // A photo that was just brought back has its tensor again with its next answer.
    let picture = Rgba::of_tensor(&outcome.prepared.tensor, &outcome.model.recipe);
    let picture = picture.map(|picture| {
        view! {
            <HeatExplorer
                picture
                cells
                opacity=view.opacity
                cell=view.cell
                describedby="why-hint"
            />
        }
    });
    let line = move || {
        let (explanation, cells) = (explanation.get()?, cells.get()?);
        let cell = view.cell.get()?;
        Some(text::cell(cell, cells.drop_in(cell), &explanation.label))
    };
    let hint = move || cells.with(|cells| cells.as_ref().map(|_| text::EXPLORE));
    let is_read = Memo::new(move |_| view.cell.with(Option::is_some));
    let finding = move || explanation.get().and_then(|it| text::finding(&it));
    view! {
        <div class="why-map">
            <div class="why-picture">
                {picture}
                // How to read it belongs to the map, and is spoken when it gets the focus; what it
                // says is spoken as it changes.
                <div class="why-note">
                    <p id="why-hint" hidden=is_read>
                        {hint}
                    </p>
                    <p id="why-cell" aria-live="polite">
                        {line}
                    </p>
                </div>
            </div>
            <div class="why-reading">
                <Controls photo outcome=outcome.clone() explanation runner />
                <p class="why-finding">{finding}</p>
                <Show when=move || cells.with(Option::is_some)>
                    <HeatLegend explanation=Signal::derive(move || {
                        let explanation = explanation.get().expect("cells are of an explanation");
                        Explanation::clone(&explanation)
                    }) />
                    <Opacity opacity=view.opacity />
                </Show>
            </div>
        </div>
        <Measured explanation runner />
    }
}

/// The one button, and beside it what it costs, how far it is, or why it stopped.
#[component]
fn Controls(
    photo: Photo,
    outcome: Arc<Outcome>,
    explanation: Memo<Option<Arc<Explanation>>>,
    runner: Runner,
) -> impl IntoView {
    let next = Memo::new(move |_| {
        let missing =
            |pass| explanation.with(|it| it.as_ref().map(|it| it.heat.missing(pass).len()));
        match (missing(Pass::Coarse), missing(Pass::Fine)) {
            (Some(0), Some(0)) => None,
            (Some(0), _) => Some(Pass::Fine),
            _ => Some(Pass::Coarse),
        }
    });
    let is_ready = Memo::new(move |_| matches!(photo.phase.get(), Phase::Done(_)));
    let name = move || match (runner.run.get(), next.get()) {
        (Run::Going { .. }, _) => text::CANCEL,
        (Run::Stopped { .. }, Some(_)) => text::GO_ON,
        (_, Some(pass)) => text::begin(pass),
        (_, None) => text::AGAIN,
    };
    let asked = Arc::clone(&outcome);
    let act = move |event: MouseEvent| {
        // The second click of a double click would take back what the first one did.
        if event.detail() > 1 {
            return;
        }
        match (runner.run.get_untracked(), next.get_untracked()) {
            (Run::Going { .. }, _) => runner.cancel(),
            (Run::Stopped { pass, .. }, Some(_)) => runner.start(&asked, pass),
            (_, Some(pass)) => runner.start(&asked, pass),
            (_, None) => {
                runner.forget(&asked);
                runner.start(&asked, Pass::Coarse);
            }
        }
    };
    let cost = move |pass| {
        let most = most(&outcome);
        let fresh = || Explanation::new(&outcome).map(Arc::new);
        let explanation = explanation.get().or_else(fresh)?;
        let requests = requests(&explanation, pass, most);
        let photos: usize = requests.iter().map(|request| request.places.len()).sum();
        let bytes = photos * outcome.prepared.tensor.len();
        Some(text::cost(photos, requests.len(), bytes))
    };
    let far = move |pass: Pass| {
        let all = pass.places().len();
        let missing = explanation.with(|it| it.as_ref().map(|it| it.heat.missing(pass).len()));
        (all - missing.unwrap_or(all), all)
    };
    let beside = move || match runner.run.get() {
        Run::Still => view! { <p class="why-note">{next.get().and_then(&cost)}</p> }.into_any(),
        Run::Stopped {
            why: UserError(why),
            ..
        } => view! { <p class="why-note">{why}</p> }.into_any(),
        Run::Going { waits: true, .. } => view! { <p class="why-note">{text::BUSY}</p> }.into_any(),
        Run::Going { pass, .. } => {
            let value = move || far(pass).0.to_string();
            view! {
                <p class="why-progress">
                    <span id="why-progress">
                        {move || { let (done, all) = far(pass); text::progress(done, all) }}
                    </span>
                    <progress
                        aria-labelledby="why-progress"
                        max=far(pass).1.to_string()
                        value=value
                    ></progress>
                </p>
            }
            .into_any()
        }
    };
    view! {
        <div class="why-controls">
            <button
                type="button"
                class="button"
                class:is-primary=move || {
                    next.get() == Some(Pass::Coarse) && !matches!(runner.run.get(), Run::Going { .. })
                }
                disabled=move || !is_ready.get()
                on:click=act
            >
                {name}
            </button>
            {beside}
        </div>
    }
}

/// How strongly the map covers the picture.
#[component]
fn Opacity(opacity: RwSignal<f64>) -> impl IntoView {
    let change = move |event| {
        if let Ok(percent) = event_target_value(&event).parse::<f64>() {
            opacity.set(percent / 100.0);
        }
    };
    let percent = move || format!("{:.0}", 100.0 * opacity.get());
    view! {
        <label class="why-opacity">
            <span>{text::OPACITY}</span>
            <input
                type="range"
                min="0"
                max="100"
                step="5"
                prop:value=percent
                aria-valuetext=move || text::opacity(opacity.get())
                on:input=change
            />
        </label>
    }
}

/// What was measured, once a pass is through.
#[component]
fn Measured(explanation: Memo<Option<Arc<Explanation>>>, runner: Runner) -> impl IntoView {
    move || {
        if matches!(runner.run.get(), Run::Going { .. }) {
            return None;
        }
        let batching = explanation.get()?.batching.clone();
        batching.alone.per_second()?;
        Some(view! {
            <section class="batching" aria-labelledby="batching-title">
                <h4 id="batching-title" class="answer-subtitle">
                    {text::BATCHING}
                </h4>
                <BatchingFigures batching />
            </section>
        })
    }
}
