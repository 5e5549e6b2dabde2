//! One photo: its picture, where it stands, and what came out.

use std::sync::Arc;

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::bars::{Bars, EmptyBars};
use super::cross_button::CrossButton;
use super::failure::Failure;
use super::icon::Mark;
use super::link::Link;
use super::readout::{EmptyReadout, Readout};
use crate::connection;
use crate::place::Place;
use crate::state::{Outcome, Phase, Photo, PhotoId, UserError};
use crate::text;

/// The `id` of a photo's card.
pub(crate) fn card_id(id: PhotoId) -> String {
    format!("photo-{}", id.0)
}

/// A card; `data-state` has the phase's name. Its picture and its name lead to `place`. `copy_of`:
/// the name of a photo that is the same.
#[component]
pub(crate) fn PhotoCard(
    photo: Photo,
    place: Signal<Place>,
    copy_of: Signal<Option<Arc<str>>>,
    #[prop(into)] server_here: Signal<bool>,
    on_retry: Callback<PhotoId>,
    on_remove: Callback<PhotoId>,
) -> impl IntoView {
    let Photo {
        id,
        name,
        picture,
        phase,
        answer,
        ..
    } = photo;
    let name_id = format!("{}-name", card_id(id));
    let labelled_by = name_id.clone();
    let status = connection::under_way(phase.clone(), server_here);
    let state = {
        let phase = phase.clone();
        move || phase.with(Phase::name)
    };
    let shown = Memo::new(move |_| Shown::of(&phase.get(), answer.get()));
    let remove = text::about(text::REMOVE, &name);
    let retry = text::about(text::RETRY, &name);
    let body = move || match shown.get() {
        Shown::Answer(outcome) => EitherOf3::A(view! {
            <Bars predictions=outcome.predictions.clone() />
            <Readout outcome status />
        }),
        Shown::Failure(error) => EitherOf3::B(view! {
            <div class="failure">
                <Failure error retry=retry.clone() on_retry=move || on_retry.run(id) />
            </div>
        }),
        Shown::Nothing { moves } => EitherOf3::C(view! { <UnderWay moves status /> }),
    };
    view! {
        <article
            class="card"
            id=card_id(id)
            tabindex="-1"
            aria-labelledby=labelled_by
            aria-busy=move || status.get().map(|_| "true")
            data-state=state
        >
            <Picture address=picture name=name.to_string()>
                {move || {
                    copy_of
                        .get()
                        .map(|name| {
                            view! { <p class="card-copy">{text::intake::same_as(&name)}</p> }
                        })
                }}
            </Picture>
            <header class="card-head">
                <h3 class="card-name" id=name_id>
                    <Link to=place class="card-link">
                        {name.to_string()}
                    </Link>
                </h3>
                <CrossButton label=remove on_press=move || on_remove.run(id) />
            </header>
            <div class="card-body">{body}</div>
        </article>
    }
}

/// What the card's body shows; a photo that is asked about again keeps its last answer.
#[derive(Clone)]
enum Shown {
    Answer(Arc<Outcome>),
    Failure(UserError),
    Nothing { moves: bool },
}

impl Shown {
    fn of(phase: &Phase, answer: Option<Arc<Outcome>>) -> Self {
        match (phase, answer) {
            (Phase::Done(outcome), _) => Self::Answer(Arc::clone(outcome)),
            (Phase::Failed(error), _) => Self::Failure(error.clone()),
            (_, Some(answer)) => Self::Answer(answer),
            (phase, None) => Self::Nothing {
                moves: *phase != Phase::Waiting,
            },
        }
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // The same answer is the same place in memory; its tensor need not be compared.
            (Self::Answer(a), Self::Answer(b)) => Arc::ptr_eq(a, b),
            (Self::Failure(a), Self::Failure(b)) => a == b,
            (Self::Nothing { moves: a }, Self::Nothing { moves: b }) => a == b,
            _ => false,
        }
    }
}

/// The photo itself; where the browser cannot show it, or has none yet, an empty plate.
#[component]
fn Picture(address: ArcRwSignal<Arc<str>>, name: String, children: Children) -> impl IntoView {
    let (broken, set_broken) = signal(false);
    view! {
        <div class="card-picture" class:is-broken=broken>
            <Mark />
            <img
                src=move || Some(address.get().to_string()).filter(|address| !address.is_empty())
                alt=text::alternative(&name)
                loading="lazy"
                decoding="async"
                on:load=move |_| set_broken.set(false)
                on:error=move |_| set_broken.set(true)
            />
            {children()}
        </div>
    }
}

#[component]
fn UnderWay(moves: bool, status: Signal<Option<&'static str>>) -> impl IntoView {
    view! {
        <EmptyBars>
            <span class="under-way" class:is-moving=moves>
                <Mark />
                {move || status.get()}
            </span>
        </EmptyBars>
        <EmptyReadout />
    }
}
