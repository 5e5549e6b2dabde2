//! Datatype, shape, layout, and every byte.

use std::sync::Arc;

use conch_shared::tensor::DataType;
use leptos::prelude::*;

use super::fields::{ChannelField, OffsetField, PlaceFields};
use super::input::{Picked, with_input};
use crate::components::facts::{Fact, Facts};
use crate::components::hex_view::{HexView, Values};
use crate::components::pixel_picker::PixelPicker;
use crate::laboratory::input::Input;
use crate::laboratory::plane::colour;
use crate::laboratory::position::Position;
use crate::laboratory::{hex, picture};
use crate::settings::sent_as;
use crate::state::Store;
use crate::text::{pixels, tensor as text};

/// The tensor, as the model takes it or before it is normalised.
#[component]
pub(crate) fn Tensor() -> impl IntoView {
    let settings = expect_context::<Store>().settings;
    with_input(move |input| {
        let wants_bytes = RwSignal::new(false);
        let is_float = Memo::new(move |_| !wants_bytes.get() && input.with(|i| i.takes_floats()));
        let datatype = move || match is_float.get() {
            true => DataType::Fp32,
            false => DataType::Uint8,
        };
        let facts = Signal::derive(move || input.with(|input| facts(input, datatype())));
        let sent = Signal::derive(move || {
            let chosen = settings.with(|it| it.send);
            input.with(|input| sent_as(&input.model, chosen))
        });
        view! {
            <p class="inside-say">{move || input.with(|i| text::tensor(i.recipe()))}</p>
            {move || {
                let both = input.with(|input| input.takes_floats());
                both.then(|| view! { <Choice wants_bytes sent /> })
            }}
            <Facts facts />
            <Bytes input is_float />
        }
        .into_any()
    })
}

/// Which of the two tensors is shown, and which of them goes to the server.
#[component]
fn Choice(wants_bytes: RwSignal<bool>, sent: Signal<DataType>) -> impl IntoView {
    let option = move |bytes: bool, name: fn(DataType) -> &'static str| {
        view! {
            <label class="inside-option">
                <input
                    type="radio"
                    name="inside-datatype"
                    prop:checked=move || wants_bytes.get() == bytes
                    on:change=move |_| wants_bytes.set(bytes)
                />
                <span>{move || name(sent.get())}</span>
            </label>
        }
    };
    view! {
        <fieldset class="inside-choice">
            <legend class="visually-hidden">{text::BYTES_SHOWN}</legend>
            {option(false, text::as_floats)}
            {option(true, text::as_bytes)}
        </fieldset>
    }
}

fn facts(input: &Arc<Input>, datatype: DataType) -> Vec<Fact> {
    let recipe = input.recipe();
    let shape = recipe.batch_shape(1);
    let values = shape.len().unwrap_or_default() as f64;
    vec![
        (text::DATATYPE, text::datatype(datatype)),
        (text::SHAPE, shape.to_string()),
        (text::LAYOUT, text::layout(recipe)),
        (text::VALUES, text::values(&shape)),
        (
            text::TENSOR_BYTES,
            text::values_bytes(values, datatype.size() as f64),
        ),
    ]
}

/// The bytes, the picture, and the value that is picked on either.
#[component]
fn Bytes(input: Signal<Arc<Input>>, is_float: Memo<bool>) -> impl IntoView {
    let Picked(picked) = expect_context();
    let values = Memo::new(move |_| {
        input.with(|input| {
            let are_floats = is_float.get();
            let bytes = match are_floats {
                true => input.floats(),
                false => input.bytes(),
            };
            Values {
                bytes: Arc::clone(bytes),
                are_floats,
            }
        })
    });
    let position = Memo::new(move |_| input.with(|input| picked.get().within(input.recipe())));
    let index = Memo::new(move |_| input.with(|input| position.get().index(input.recipe())));
    let offset = Signal::derive(move || index.get() * values.with(|values| values.size()));
    // The grid says itself what is picked in it; what is picked elsewhere is said below.
    let is_told = RwSignal::new(false);
    let pick = move |position| {
        is_told.set(true);
        picked.set(position);
    };
    let of_value = move |index| input.with_untracked(|input| Position::of(index, input.recipe()));
    let pick_in_grid = Callback::new(move |index| {
        is_told.set(false);
        picked.set(of_value(index));
    });
    let pick_pixel = Callback::new(move |pixel| pick(position.get_untracked().at(pixel)));
    let crop = Memo::new(move |_| input.with(|input| picture::crop(input)));
    let pixel = Signal::derive(move || (position.get().row, position.get().column));
    let label = Signal::derive(move || {
        text::grid(match is_float.get() {
            true => "FP32",
            false => "UINT8",
        })
    });
    let last = Signal::derive(move || crop.with(|crop| crop.width as usize).saturating_sub(1));
    let of = move || input.with(|input| colour(position.get().channel, input.recipe()));
    let says = Signal::derive(move || {
        let value = values.with(|values| values.text(index.get()));
        text::picked(position.get(), of(), offset.get(), &value)
    });
    let to_channel = move |channel| {
        pick(Position {
            channel,
            ..position.get_untracked()
        });
    };
    view! {
        <div class="inside-pair is-tensor">
            <HexView values picked=index says on_pick=pick_in_grid label />
            <PixelPicker picture=crop pixel on_pick=pick_pixel label=pixels::PICK />
        </div>
        <h4 class="inside-sub">{text::GO_TO}</h4>
        <div class="inside-fields">
            <OffsetField
                offset
                bytes=Signal::derive(move || values.with(|values| values.bytes.len()))
                on_change=move |offset| {
                    pick(of_value(offset / values.with_untracked(|values| values.size())));
                }
            />
            <ChannelField
                channel=Signal::derive(move || position.get().channel)
                colours=Signal::derive(move || {
                    input.with(|input| [0, 1, 2].map(|at| colour(at, input.recipe())))
                })
                on_change=to_channel
            />
            <PlaceFields pixel last on_pick=pick_pixel />
        </div>
        <Facts is_bytes=true facts=Signal::derive(move || {
            values.with(|values| input.with(|input| about(input, values, index.get())))
        }) />
        <p class="visually-hidden" aria-live="polite">
            {move || is_told.get().then(|| says.get())}
        </p>
    }
}

/// A value's bytes, and the number that they are.
fn about(input: &Arc<Input>, values: &Values, index: usize) -> Vec<Fact> {
    let bytes = values.get(index);
    let byte = input.bytes().get(index).copied().unwrap_or_default();
    let Position { channel, .. } = Position::of(index, input.recipe());
    let number = match <[u8; 4]>::try_from(bytes) {
        Ok(float) => {
            let (mean, std) = (input.recipe().mean[channel], input.recipe().std[channel]);
            text::formula_of(byte, mean, std, f32::from_le_bytes(float))
        }
        Err(_) => byte.to_string(),
    };
    vec![
        (text::OFFSET, text::offset(index * values.size())),
        (text::ITS_BYTES, hex::digits(bytes)),
        (text::READ, text::little_endian(bytes)),
        (text::ITS_NUMBER, number),
    ]
}
