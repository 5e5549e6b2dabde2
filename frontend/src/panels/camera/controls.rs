//! What the camera is told: which mode, lamp and zoom, the shutter, which camera.

use leptos::prelude::*;

use super::session::{Session, Stage};
use super::shutter::Shutter;
use crate::camera::Mode;
use crate::components::glyph::Glyph;
use crate::navigation::Navigation;
use crate::services::feedback;
use crate::state::Store;
use crate::text::camera as say;

/// Two arrows in a circle, as a path in a box of 24 units: another camera.
const SWITCH: &str = "M20 11a8 8 0 0 0-14.6-3.5M4 4v4h4M4 13a8 8 0 0 0 14.6 3.5M20 20v-4h-4";
/// A loudspeaker: the device's voice.
const VOICE: &str =
    "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11";
/// A lightning: the lamp.
const TORCH: &str = "M13 2.5L5.5 13.5H12l-1 8 7.5-11H12z";

/// Photo or live.
#[component]
pub(super) fn Modes(mode: RwSignal<Mode>, shutter: Shutter) -> impl IntoView {
    let choice = |it: Mode| {
        view! {
            <label class="camera-mode">
                <input
                    class="visually-hidden"
                    type="radio"
                    name="camera-mode"
                    prop:checked=move || mode.get() == it
                    on:change=move |_| {
                        shutter.go_on();
                        mode.set(it);
                    }
                />
                <span>{say::mode(it)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="camera-modes">
            <legend class="visually-hidden">{say::MODE}</legend>
            {[Mode::Photo, Mode::Live].map(choice)}
        </fieldset>
    }
}

/// Lamp and zoom, where the camera has them; with live labels, the device's voice.
#[component]
pub(super) fn Tools(session: Session, mode: RwSignal<Mode>) -> impl IntoView {
    let abilities = session.abilities;
    let settings = expect_context::<Store>().settings;
    let has_torch = Memo::new(move |_| abilities.with(|it| it.has_torch));
    let zoom = Memo::new(move |_| abilities.with(|it| it.zoom));
    let torch = move || {
        has_torch.get().then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button camera-toggle"
                    aria-label=say::TORCH
                    aria-pressed=move || session.is_torch_on.get().to_string()
                    on:click=move |_| session.toggle_torch()
                >
                    <Glyph path=TORCH />
                </button>
            }
        })
    };
    let zoom = move || {
        zoom.get().map(|zoom| {
            view! {
                <label class="camera-zoom">
                    <span>{say::ZOOM}</span>
                    <input
                        type="range"
                        min=zoom.least
                        max=zoom.most
                        step=zoom.step
                        prop:value=zoom.now
                        on:input=move |event| {
                            if let Ok(zoom) = event_target_value(&event).parse() {
                                session.zoom(zoom);
                            }
                        }
                    />
                </label>
            }
        })
    };
    let is_running = move || session.stage.get() == Stage::Running;
    let speaks = Memo::new(move |_| mode.get() == Mode::Live && feedback::can_speak());
    let voice = move || {
        speaks.get().then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button camera-toggle"
                    aria-label=say::SPEAK
                    aria-pressed=move || settings.with(|it| it.speak).to_string()
                    on:click=move |_| settings.update(|it| it.speak ^= true)
                >
                    <Glyph path=VOICE />
                </button>
            }
        })
    };
    view! {
        <div class="camera-tools">
            <Show when=is_running>{torch} {zoom} {voice}</Show>
        </div>
    }
}

/// What was kept, the shutter, the next camera.
#[component]
pub(super) fn Controls(session: Session, mode: RwSignal<Mode>, shutter: Shutter) -> impl IntoView {
    let is_frozen = shutter.is_frozen;
    let is_running = Memo::new(move |_| session.stage.get() == Stage::Running);
    let does = move || say::shutter(mode.get(), is_frozen.get());
    let can_switch = move || session.devices.with(|it| it.len() > 1) && !is_frozen.get();
    let retakes = move || is_frozen.get() && mode.get() == Mode::Photo;
    view! {
        <div class="camera-controls">
            <div class="camera-side">
                <Show when=retakes fallback=move || view! { <Kept shutter /> }>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            shutter.go_on();
                            shutter.focus();
                        }
                    >
                        {say::RETAKE}
                    </button>
                </Show>
            </div>
            <button
                node_ref=shutter.button
                type="button"
                class="camera-shutter"
                class:is-frozen=is_frozen
                class:is-live=move || mode.get() == Mode::Live
                // Not `disabled`: that would take the focus away.
                aria-disabled=move || (!is_running.get()).then_some("true")
                on:click=move |_| shutter.press()
            >
                <span class="camera-release" aria-hidden="true"></span>
                <span class="camera-does">{does}</span>
            </button>
            <div class="camera-side">
                <Show when=can_switch>
                    <button
                        type="button"
                        class="icon-button camera-switch"
                        aria-label=move || session.abilities.with(|it| say::switch(&it.name))
                        on:click=move |_| session.switch()
                    >
                        <Glyph path=SWITCH />
                    </button>
                </Show>
            </div>
        </div>
    }
}

/// The last photo that was kept, and how many; leads to all of them.
#[component]
fn Kept(shutter: Shutter) -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let show = move |_| match navigation.here().photo {
        None => navigation.close_sheet(),
        Some(_) => navigation.go(navigation.here().gallery()),
    };
    let last = move || {
        let last = store.photos.with(|photos| photos.last().cloned());
        last.map(|photo| photo.picture.get().to_string())
    };
    view! {
        <Show when=move || shutter.kept.get() != 0>
            <button
                type="button"
                class="camera-kept"
                aria-label=move || say::show_kept(shutter.kept.get())
                on:click=show
            >
                <img src=last alt="" />
                <span class="camera-count" aria-hidden="true">
                    {move || shutter.kept.get()}
                </span>
            </button>
        </Show>
    }
}
