//! The camera: a sheet with a shutter, and with labels over the moving picture.

mod answer;
mod controls;
mod live;
mod picture;
mod session;
mod shutter;
mod trouble;

use leptos::either::Either;
use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::camera::Mode;
use crate::components::glyph::Glyph;
use crate::components::sheet::{self, SheetDialog};
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::text::camera as say;
use answer::LiveAnswer;
use controls::{Controls, Modes, Tools};
use live::Live;
use picture::Picture;
use session::{Session, Stage};
use shutter::Shutter;
use trouble::TroubleNote;

/// A camera, as a path in a box of 24 units.
const CAMERA: &str = "M4 7.5h3.5L9 5h6l1.5 2.5H20a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 18V9A1.5 1.5 0 0 1 4 7.5zM12 9.8a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z";

/// The button that opens it.
#[component]
pub(crate) fn CameraButton() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Camera)));
    view! {
        <button type="button" class="button camera-button" aria-haspopup="dialog" on:click=open>
            <Glyph path=CAMERA />
            {say::CAMERA}
        </button>
    }
}

/// The camera's sheet.
#[component]
pub(crate) fn CameraSheet() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let on_close = Callback::new(move |()| navigation.close_sheet());
    let mode = RwSignal::new(Mode::default());
    // What a screen reader says; what is outside a modal dialog, it does not hear.
    let spoken = RwSignal::new(String::new());
    let session = Session::new();
    let shutter = Shutter::new(session, mode, spoken);
    let live = Live::new(session, mode, shutter.is_frozen, spoken);

    // Space and Enter release the shutter wherever they have nothing else to do.
    let listener = window_event_listener(keydown, move |event| {
        if matches!(event.key().as_str(), " " | "Enter")
            && !event.repeat()
            && !is_on_control(&event)
        {
            event.prevent_default();
            shutter.press();
        }
    });
    on_cleanup(move || listener.remove());

    let on_retry = Callback::new(move |()| {
        session.open();
        // The button goes with the trouble.
        let title = document().get_element_by_id(sheet::TITLE);
        if let Some(title) = title.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // Fails for no element that is on the page.
            _ = title.focus();
        }
    });
    let note = move || match session.stage.get() {
        Stage::Opening => Some(Either::Left(view! {
            <p class="camera-opening" role="status">
                {say::OPENING}
            </p>
        })),
        Stage::Trouble(trouble) => Some(Either::Right(view! { <TroubleNote trouble on_retry /> })),
        Stage::Running => None,
    };
    let is_live =
        Memo::new(move |_| mode.get() == Mode::Live && session.stage.get() == Stage::Running);
    view! {
        <SheetDialog title=say::CAMERA class="is-camera" on_close>
            <div class="camera">
                <Modes mode shutter />
                <div class="camera-view">
                    <Picture session on_tap=Callback::new(move |()| shutter.tap()) /> {note}
                    <Show when=move || is_live.get()>
                        <LiveAnswer live />
                    </Show>
                </div>
                <Tools session mode />
                <Controls session mode shutter />
                <p class="visually-hidden" role="status">
                    {move || spoken.get()}
                </p>
            </div>
        </SheetDialog>
    }
}

/// Whether a key has something of its own to do there.
fn is_on_control(event: &KeyboardEvent) -> bool {
    let target = event.target();
    let target = target.and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        let control = element.closest("button, input, a");
        control.ok().flatten().is_some()
    })
}
