//! Red, green and blue apart, and normalised.

use leptos::prelude::*;

use super::input::with_input;
use crate::components::histogram::Histogram;
use crate::components::pixels::Pixels;
use crate::laboratory::histogram::{axis, bins, outline};
use crate::laboratory::input::Input;
use crate::laboratory::plane::{Plane, Range, planes};
use crate::text::pixels as text;

/// The three channels, in the tensor's order.
#[component]
pub(crate) fn Channels() -> impl IntoView {
    with_input(|input| {
        let shown = move || {
            input.with(|input| {
                let say = match input.takes_floats() {
                    true => text::NORMALISED,
                    false => text::NOT_NORMALISED,
                };
                view! {
                    <p class="inside-say">{say}</p>
                    <ol class="inside-planes" role="list">
                        {sections(input)}
                    </ol>
                }
            })
        };
        shown.into_any()
    })
}

fn sections(input: &Input) -> impl IntoView + use<> {
    let recipe = input.recipe();
    let normalises = input.takes_floats();
    let planes = planes(input);
    let (mean, std, axis) = match normalises {
        true => (recipe.mean, recipe.std, axis(recipe.mean, recipe.std)),
        // A byte as it is: (x / 255 - 0) / (1 / 255).
        false => ([0.0; 3], [1.0 / 255.0; 3], (-0.5, 255.5)),
    };
    let all = planes.each_ref().map(|plane| {
        let at = plane.channel;
        bins(&plane.counts, mean[at], std[at], axis)
    });
    let greatest = all.iter().flatten().copied().fold(0.0, f32::max);
    let (low, high) = axis;
    let ends = match normalises {
        true => [low, high].map(|end| text::number(end, 1)),
        false => ["0".to_owned(), "255".to_owned()],
    };
    let zero = normalises.then_some(-low / (high - low));
    let of_plane = |(plane, bins): (Plane, Vec<f32>)| {
        let at = plane.channel;
        let formula = normalises.then(|| {
            view! { <p class="inside-formula">{text::formula(mean[at], std[at])}</p> }
        });
        let label = text::histogram(&plane, normalises);
        let numbers = numbers(&plane, normalises);
        view! {
            <li class="inside-plane">
                <h4 class="inside-sub" data-colour=text::colour(plane.colour)>
                    {text::channel(at, plane.colour)}
                </h4>
                <Pixels
                    picture=Signal::stored(plane.picture)
                    label=text::plane_picture(plane.colour)
                />
                <div class="inside-plane-numbers">{formula} {numbers}</div>
                <div class="inside-plane-histogram" data-colour=text::colour(plane.colour)>
                    <Histogram outline=outline(&bins, greatest) zero label />
                    <p class="inside-axis" aria-hidden="true">
                        <span>{ends[0].clone()}</span>
                        {zero
                            .map(|zero| {
                                let left = format!("{:.2}%", zero * 100.0);
                                view! { <span class="is-zero" style:left=left>"0"</span> }
                            })}
                        <span>{ends[1].clone()}</span>
                    </p>
                </div>
            </li>
        }
    };
    planes.into_iter().zip(all).map(of_plane).collect_view()
}

/// Least, greatest and mean, before and after.
fn numbers(plane: &Plane, normalises: bool) -> impl IntoView + use<> {
    let columns = |Range { min, max, mean }: Range, decimals: [usize; 2]| {
        let [ends, middle] = decimals;
        [(min, ends), (max, ends), (mean, middle)].map(|(value, d)| text::number(value, d))
    };
    let (before, after) = (columns(plane.before, [0, 1]), columns(plane.after, [3, 3]));
    let names = [text::LEAST, text::GREATEST, text::MEAN];
    let rows = names.into_iter().zip(before).zip(after);
    let row = |((name, before), after)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{before}</td>
                {normalises.then(|| view! { <td>{after}</td> })}
            </tr>
        }
    };
    view! {
        <table class="inside-table">
            <thead>
                <tr>
                    <th scope="col">
                        <span class="visually-hidden">{text::OF_PIXELS}</span>
                    </th>
                    <th scope="col">{text::BYTE}</th>
                    {normalises.then(|| view! { <th scope="col">{text::VALUE}</th> })}
                </tr>
            </thead>
            <tbody>{rows.map(row).collect_view()}</tbody>
        </table>
    }
}
