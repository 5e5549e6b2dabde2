//! The photo, large, and the square of it that the model sees.

use std::sync::Arc;

use conch_shared::preprocess::crop::Square;
use leptos::either::Either;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::components::crop_frame::CropFrame;
use crate::components::failure::Failure;
use crate::components::frame_tools::FrameTools;
use crate::components::heat_map::HeatMap;
use crate::components::icon::Mark;
use crate::components::over::Over;
use crate::components::pixels::{Pixels, Rgba};
use crate::components::plate::Plate;
use crate::desk::Desk;
use crate::focus;
use crate::framing::Field;
use crate::navigation::Navigation;
use crate::place::Panel;
use crate::state::{Catalogue, Facts, Outcome, Phase, Photo, Server, Store};
use crate::text;

/// The stage. `pixels_shown`: over the photo lies what was sent to the model.
#[component]
pub(crate) fn Stage(photo: Photo, pixels_shown: RwSignal<bool>) -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let navigation = expect_context::<Navigation>();
    let (id, explained) = (photo.id, photo.clone());
    let alternative = text::alternative(&photo.name);
    let retry = text::about(text::RETRY, &photo.name);
    let phase: Signal<Phase> = photo.phase.into();
    let answer: Signal<Option<Arc<Outcome>>> = photo.answer.into();
    let facts: Signal<Option<Facts>> = photo.facts.into();
    let chosen: Signal<Option<Square>> = photo.square.into();

    let recipe = Memo::new(move |_| {
        let recipe = |c: &Catalogue| c.spec().map(|spec| spec.recipe.clone());
        store.catalogue.with(recipe)
    });
    let size = Memo::new(move |_| facts.with(|f| f.as_ref().map(|f| (f.width, f.height))));
    // The square that the model sees unless told otherwise, and where another one may lie.
    let own = Memo::new(move |_| {
        let ((width, height), recipe) = size.get().zip(recipe.get())?;
        let own = Square::of_recipe(width, height, &recipe);
        Some((
            own,
            Field::new(width, height, recipe.crop, own),
            recipe.crop,
        ))
    });
    let reframe = Callback::new(move |square| desk.reframe(id, square));
    let square = Memo::new(move |_| own.get().map(|(own, ..)| chosen.get().unwrap_or(own)));
    let is_own = Memo::new(move |_| chosen.with(Option::is_none));
    let frame = move || {
        own.get().map(|(own, field, _)| {
            let square = Signal::derive(move || square.get().unwrap_or(own));
            view! { <CropFrame square field on_change=reframe /> }
        })
    };
    let tools = move || {
        own.get().map(|(own, field, _)| {
            let square = Signal::derive(move || square.get().unwrap_or(own));
            view! { <FrameTools square field is_own on_change=reframe /> }
        })
    };
    let note = move || {
        let (_, field, crop) = own.get()?;
        Some(text::stage::note(
            square.get()?,
            is_own.get(),
            field.size(),
            crop,
        ))
    };
    let under_way = Memo::new(move |_| {
        let is_first = answer.with(Option::is_none);
        let here = store.server.with(|server| *server != Server::Away);
        phase.with(|phase| text::under_way(phase, here).filter(|_| is_first || !here))
    });
    let drag = move || {
        let is_free = own.with(Option::is_some) && under_way.with(Option::is_none);
        let is_meant = is_free && is_own.get();
        is_meant.then(|| view! { <span class="stage-hint">{text::stage::DRAG}</span> })
    };
    let toggle = move || {
        own.get().map(|(_, _, crop)| {
            view! {
                <label class="stage-toggle">
                    <input type="checkbox" bind:checked=pixels_shown />
                    <span>{text::stage::show_pixels(crop)}</span>
                </label>
            }
        })
    };

    // Where the last answer's square lies: the pixels that were sent, and whatever else is drawn of
    // them, belong there.
    let seen = Memo::new(move |_| answer.with(|answer| answer.as_deref().map(square_of)));
    let pixels = move || {
        let picture = |outcome: &Arc<Outcome>| {
            Rgba::of_tensor(&outcome.prepared.tensor, &outcome.model.recipe)
        };
        let picture = answer.with(|answer| answer.as_ref().and_then(picture))?;
        let label = text::stage::pixels(picture.width);
        Some(view! { <Pixels picture=Signal::stored(picture) label /> })
    };
    // What the answer hangs on, as long as that is looked at.
    let panel = navigation.part(|place| place.panel);
    let heat = Memo::new(move |_| match panel.get() {
        Panel::Why => explained.explanation()?.cells(),
        _ => None,
    });
    let shown_size = Memo::new(move |_| size.get().unwrap_or((1, 1)));

    let (is_odd, set_odd) = signal(false);
    let instead = RwSignal::new(None::<Rgba>);
    Effect::new(move || {
        let wanted =
            is_odd.get() && size.get().is_some() && instead.with_untracked(Option::is_none);
        if let Some(recipe) = recipe.get().filter(|_| wanted) {
            spawn_local_scoped_with_cancellation(async move {
                // Without it the plate stays empty; the square can be moved all the same.
                if let Ok(whole) = desk.whole(id, &recipe).await {
                    instead.set(Some(Rgba {
                        width: whole.width,
                        height: whole.height,
                        bytes: whole.rgba,
                    }));
                }
            });
        }
    });

    let is_busy = Memo::new(move |_| phase.with(|phase| !phase.is_settled()));
    let has_failed = move || phase.with(|phase| matches!(phase, Phase::Failed(_)));
    let failure = Memo::new(move |_| {
        phase.with(|phase| match phase {
            Phase::Failed(error) => Some(error.clone()),
            _ => None,
        })
    });
    view! {
        <section
            class="stage"
            aria-label=text::stage::STAGE
            aria-busy=move || is_busy.get().then_some("true")
        >
            <Plate
                address=Signal::from(photo.picture)
                alternative
                size
                instead
                on_odd=Callback::new(move |()| set_odd.set(true))
            >
                <Over square=seen size=shown_size class="stage-seen">
                    {move || pixels_shown.get().then(pixels)}
                    <HeatMap cells=heat opacity=store.heat.opacity marked=store.heat.cell />
                </Over>
                {frame}
            </Plate>
            <div class="stage-controls" class:is-busy=is_busy class:is-failed=has_failed>
                {tools}
                <div class="stage-status">
                    {move || match failure.get() {
                        Some(error) => {
                            let retry = retry.clone();
                            let on_retry = move || {
                                desk.retry(id);
                                // The button that has it goes.
                                focus::give_unscrolled("#photo-title");
                            };
                            Either::Left(view! { <Failure error retry on_retry /> })
                        }
                        None => {
                            let says = move || under_way.get().map(str::to_owned).or_else(note);
                            Either::Right(view! { <p class="stage-note">{says} " " {drag}</p> })
                        }
                    }}
                </div>
                <div class="stage-foot">{toggle} <Mark /></div>
            </div>
        </section>
    }
}

/// The square that an answer is about.
fn square_of(outcome: &Outcome) -> Square {
    let (width, height) = (outcome.prepared.width, outcome.prepared.height);
    let own = || Square::of_recipe(width, height, &outcome.model.recipe);
    outcome.square.unwrap_or_else(own)
}
