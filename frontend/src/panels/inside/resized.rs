//! Its shortest side made the recipe's: the exact picture that the crop is cut from.

use std::sync::Arc;

use conch_shared::preprocess::crop::Geometry;
use conch_shared::preprocess::square_recipe;
use leptos::prelude::*;

use super::input::{Loading, with_input};
use crate::components::facts::{Fact, Facts};
use crate::components::pixels::{Pixels, Rgba};
use crate::desk::Desk;
use crate::laboratory::input::Input;
use crate::protocol;
use crate::state::{Photo, Store};
use crate::text::pixels as text;

/// Greatest height of the picture, rem.
const HEIGHT: f64 = 26.0;

/// The photo after the resize.
#[component]
pub(crate) fn Resized(photo: Photo) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let store = expect_context::<Store>();
    let recipe = Memo::new(move |_| store.catalogue.with(|c| c.spec().map(|s| s.recipe.clone())));
    let (id, square) = (photo.id, photo.square);
    let picture = Loading::new(move || {
        let recipe = recipe.get()?;
        square.track();
        Some(async move { desk.resized(id, &recipe).await })
    });
    with_input(move |input| {
        let outline = Signal::derive(move || input.with(outline));
        // Known before the picture is there, which then moves nothing.
        let ratio = Memo::new(move |_| input.with(ratio));
        view! {
            <p class="inside-say">
                {move || input.with(|input| text::resized(input.recipe(), input.square.is_some()))}
            </p>
            <div
                class="inside-picture"
                style:width=move || format!("min(100%, {:.3}rem)", HEIGHT * ratio.get())
                style:aspect-ratio=move || ratio.get().to_string()
            >
                {picture.show(move |picture| view! { <Picture picture outline /> }.into_any())}
            </div>
            <Facts facts=Signal::derive(move || input.with(facts)) />
        }
        .into_any()
    })
}

/// The picture, and on it the crop's outline, in shares of the picture: left, top, width, height.
#[component]
fn Picture(picture: Signal<protocol::Resized>, outline: Signal<[f64; 4]>) -> impl IntoView {
    let pixels = Signal::derive(move || {
        let protocol::Resized {
            width,
            height,
            rgba,
        } = picture.get();
        Rgba {
            width,
            height,
            bytes: rgba,
        }
    });
    let share = move |at: usize| move || format!("{:.3}%", outline.get()[at] * 100.0);
    view! {
        <Pixels picture=pixels label=text::RESIZED_PICTURE />
        <span
            class="inside-outline"
            style:left=share(0)
            style:top=share(1)
            style:width=share(2)
            style:height=share(3)
        ></span>
    }
}

/// What is resized, pixels, and how.
fn geometry(input: &Input) -> (u32, u32, Geometry) {
    let (width, height, recipe) = match input.square {
        Some(square) => (square.side, square.side, square_recipe(input.recipe())),
        None => (
            input.prepared.width,
            input.prepared.height,
            input.recipe().clone(),
        ),
    };
    (width, height, Geometry::new(width, height, &recipe))
}

/// The picture's width in heights.
fn ratio(input: &Arc<Input>) -> f64 {
    let (.., geometry) = geometry(input);
    f64::from(geometry.resized_width) / f64::from(geometry.resized_height)
}

fn outline(input: &Arc<Input>) -> [f64; 4] {
    let (.., geometry) = geometry(input);
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    let (width, height) = (geometry.resized_width, geometry.resized_height);
    [
        share(geometry.left, width),
        share(geometry.top, height),
        share(geometry.side, width),
        share(geometry.side, height),
    ]
}

fn facts(input: &Arc<Input>) -> Vec<Fact> {
    let (width, height, geometry) = geometry(input);
    let (from, to) = (
        width.min(height),
        geometry.resized_width.min(geometry.resized_height),
    );
    let after = text::size(geometry.resized_width, geometry.resized_height);
    vec![
        (text::BEFORE, text::size(width, height)),
        (text::AFTER, after),
        (text::SCALE, text::scale(from, to)),
        (text::FILTER, text::FILTER_IS.to_owned()),
        (text::TAPS, text::taps(from, to)),
        (text::CROP, text::crop(&geometry)),
    ]
}
