//! One photo: its picture, where it stands, and what came out.

use std::sync::Arc;

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::bars::{Bars, EmptyBars};
use super::icon::{Cross, Mark, Warning};
use super::readout::{EmptyReadout, Readout};
use crate::connection;
use crate::state::{Phase, Photo, PhotoId, UserError};
use crate::text;

/// The `id` of a photo's card.
pub(crate) fn card_id(id: PhotoId) -> String {
    format!("photo-{}", id.0)
}

/// A card; `data-state` has the phase's name.
#[component]
pub(crate) fn PhotoCard(
    photo: Photo,
    #[prop(into)] server_here: Signal<bool>,
    on_retry: Callback<PhotoId>,
    on_remove: Callback<PhotoId>,
) -> impl IntoView {
    let Photo {
        id,
        name,
        picture,
        phase,
        ..
    } = photo;
    let name_id = format!("{}-name", card_id(id));
    let labelled_by = name_id.clone();
    let state = {
        let phase = phase.clone();
        move || phase.with(Phase::name)
    };
    let remove = text::about(text::REMOVE, &name);
    let body = {
        let name = name.clone();
        move || match phase.get() {
            Phase::Done(outcome) => EitherOf3::A(view! {
                <Bars predictions=outcome.predictions.clone() />
                <Readout outcome />
            }),
            Phase::Failed(error) => {
                let retry = text::about(text::RETRY, &name);
                EitherOf3::B(view! { <Failure error retry on_retry=move || on_retry.run(id) /> })
            }
            phase => EitherOf3::C(view! { <UnderWay phase server_here /> }),
        }
    };
    view! {
        <article
            class="card"
            id=card_id(id)
            tabindex="-1"
            aria-labelledby=labelled_by
            data-state=state
        >
            <Picture address=picture name=name.to_string() />
            <header class="card-head">
                <h3 class="card-name" id=name_id>
                    {name.to_string()}
                </h3>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=remove
                    on:click=move |_| on_remove.run(id)
                >
                    <Cross />
                </button>
            </header>
            <div class="card-body">{body}</div>
        </article>
    }
}

/// The photo itself; where the browser cannot show it, an empty plate.
#[component]
fn Picture(address: ArcRwSignal<Arc<str>>, name: String) -> impl IntoView {
    let (broken, set_broken) = signal(false);
    view! {
        <div class="card-picture" class:is-broken=broken>
            <Mark />
            <img
                src=move || address.get().to_string()
                alt=text::alternative(&name)
                decoding="async"
                on:error=move |_| set_broken.set(true)
            />
        </div>
    }
}

#[component]
fn UnderWay(phase: Phase, server_here: Signal<bool>) -> impl IntoView {
    let moves = phase != Phase::Waiting;
    let slow = (phase == Phase::Asking).then(connection::is_slow);
    let says = move || match slow.is_some_and(|slow| slow.get()) && server_here.get() {
        true => Some(text::SLOW),
        false => text::under_way(&phase, server_here.get()),
    };
    view! {
        <EmptyBars>
            <span class="under-way" class:is-moving=moves>
                <Mark />
                {says}
            </span>
        </EmptyBars>
        <EmptyReadout />
    }
}

#[component]
fn Failure(error: UserError, retry: String, on_retry: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="failure">
            <p class="failure-why">
                <Warning />
                <span>{error.0}</span>
            </p>
            <button type="button" class="button" aria-label=retry on:click=move |_| on_retry()>
                {text::RETRY}
            </button>
        </div>
    }
}
