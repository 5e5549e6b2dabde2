//! Fields that say where one is, and go elsewhere when they are changed.

use leptos::prelude::*;

use crate::laboratory::hex;
use crate::laboratory::plane::Colour;
use crate::text::{pixels, tensor as text};

/// A whole number from 0 to `last`. What is no such number becomes the nearest, or what it was.
#[component]
fn NumberField(
    name: &'static str,
    value: Signal<usize>,
    last: Signal<usize>,
    on_change: impl Fn(usize) + 'static,
) -> impl IntoView {
    let changed = move |event| {
        let typed = event_target_value(&event).trim().parse::<usize>();
        let now = value.get_untracked();
        let to = typed.map_or(now, |typed| typed.min(last.get_untracked()));
        on_change(to);
        // Where nothing changed, the field still holds what was typed.
        event_target::<web_sys::HtmlInputElement>(&event).set_value(&to.to_string());
    };
    view! {
        <label class="inside-field">
            <span>{name}</span>
            <input
                type="number"
                inputmode="numeric"
                min="0"
                max=move || last.get().to_string()
                prop:value=move || value.get().to_string()
                on:change=changed
            />
        </label>
    }
}

/// A pixel's row and column, each from 0 to `last`.
#[component]
pub(super) fn PlaceFields(
    #[prop(into)] pixel: Signal<(usize, usize)>,
    last: Signal<usize>,
    on_pick: Callback<(usize, usize)>,
) -> impl IntoView {
    view! {
        <NumberField
            name=pixels::ROW
            value=Signal::derive(move || pixel.get().0)
            last
            on_change=move |row| on_pick.run((row, pixel.get_untracked().1))
        />
        <NumberField
            name=pixels::COLUMN
            value=Signal::derive(move || pixel.get().1)
            last
            on_change=move |column| on_pick.run((pixel.get_untracked().0, column))
        />
    }
}

/// A channel, by its colour.
#[component]
pub(super) fn ChannelField(
    channel: Signal<usize>,
    colours: Signal<[Colour; 3]>,
    on_change: impl Fn(usize) + 'static,
) -> impl IntoView {
    let options = move || {
        let option = |(at, colour): (usize, Colour)| {
            view! {
                <option value=at.to_string() selected=move || channel.get() == at>
                    {pixels::colour(colour)}
                </option>
            }
        };
        colours
            .get()
            .into_iter()
            .enumerate()
            .map(option)
            .collect_view()
    };
    let changed = move |event| {
        if let Ok(channel) = event_target_value(&event).parse() {
            on_change(channel);
        }
    };
    view! {
        <label class="inside-field">
            <span>{text::CHANNEL}</span>
            <select prop:value=move || channel.get().to_string() on:change=changed>
                {options}
            </select>
        </label>
    }
}

/// An offset in bytes, decimal or hexadecimal; what is none is said to be none.
#[component]
pub(super) fn OffsetField(
    offset: Signal<usize>,
    bytes: Signal<usize>,
    on_change: impl Fn(usize) + 'static,
) -> impl IntoView {
    let is_wrong = RwSignal::new(false);
    Effect::new(move || {
        offset.track();
        is_wrong.set(false);
    });
    let changed = move |event| {
        let to = hex::offset(&event_target_value(&event));
        let to = to.filter(|to| *to < bytes.get_untracked());
        is_wrong.set(to.is_none());
        if let Some(to) = to {
            on_change(to);
            // The value's first byte, which may be one before.
            let first = offset.get_untracked().to_string();
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&first);
        }
    };
    view! {
        <label class="inside-field">
            <span>{text::OFFSET}</span>
            <input
                type="text"
                inputmode="text"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || is_wrong.get().then_some("true")
                aria-describedby="inside-offset-wrong"
                prop:value=move || offset.get().to_string()
                on:change=changed
            />
        </label>
        <p class="inside-wrong" id="inside-offset-wrong" role="alert">
            {move || is_wrong.get().then(|| text::no_offset(bytes.get()))}
        </p>
    }
}
