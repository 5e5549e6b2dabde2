//! The frame around the square that the model sees: dragged, pulled at a corner, pinched, moved with
//! the keyboard. It decides nothing: it says which square is wanted.

use conch_shared::preprocess::crop::Square;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::framing::{self, Act, Corner, Field, Point, distance};
use crate::text;

/// The corners, with the names that styles and the pointer know them by.
const CORNERS: [(&str, Corner); 4] = [
    ("nw", corner(false, false)),
    ("ne", corner(true, false)),
    ("sw", corner(false, true)),
    ("se", corner(true, true)),
];

const fn corner(right: bool, lower: bool) -> Corner {
    Corner { right, lower }
}

/// What a finger or the mouse began.
struct Hold {
    /// Each finger's number, where it was, and where it is; in pixels of the photo.
    fingers: Vec<(i32, Point, Point)>,
    /// The square when the last finger came or went.
    from: Square,
    /// The corner that is pulled; else the whole is moved.
    corner: Option<Corner>,
}

/// The frame, inside an element that the photo fills. `on_change`: another square, or the recipe's
/// own (`None`), is wanted.
#[component]
pub(crate) fn CropFrame(
    #[prop(into)] square: Signal<Square>,
    field: Field,
    on_change: Callback<Option<Square>>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let hold = StoredValue::new(None::<Hold>);
    let (is_held, set_held) = signal(false);
    let wants = move |new: Option<Square>| {
        if new != Some(square.get_untracked()) {
            on_change.run(new);
        }
    };

    // Where the pointer is, in pixels of the photo, counted from the window's corner.
    let point = move |event: &PointerEvent| -> Option<Point> {
        let photo = frame.get_untracked()?.parent_element()?;
        let shown = photo.get_bounding_client_rect().width();
        let scale = f64::from(field.size().0) / shown.max(1.0);
        let [x, y] = [event.client_x(), event.client_y()].map(f64::from);
        Some((x * scale, y * scale))
    };
    let on_down = move |event: PointerEvent| {
        let (Some(frame), Some(at)) = (frame.get_untracked(), point(&event)) else {
            return;
        };
        if event.button() != 0 {
            return;
        }
        // Fails for a pointer that is gone already.
        _ = frame.set_pointer_capture(event.pointer_id());
        let pulled = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let pulled = pulled.and_then(|it| it.get_attribute("data-corner"));
        hold.update_value(|hold| {
            let mut fingers = hold.take().map(|hold| hold.fingers).unwrap_or_default();
            fingers.retain(|(id, ..)| *id != event.pointer_id());
            fingers.push((event.pointer_id(), at, at));
            *hold = Some(
                Hold {
                    fingers,
                    from: square.get_untracked(),
                    corner: pulled.and_then(|name| called(&name)),
                }
                .restarted(),
            );
        });
        set_held.set(true);
    };
    let on_move = move |event: PointerEvent| {
        let Some(at) = point(&event) else { return };
        let new = hold.try_update_value(|hold| {
            let hold = hold.as_mut()?;
            let finger = hold.fingers.iter_mut();
            let finger = { finger }.find(|(id, ..)| *id == event.pointer_id())?;
            finger.2 = at;
            Some(hold.square(field))
        });
        if let Some(new) = new.flatten() {
            wants(Some(new));
        }
    };
    let on_up = move |event: PointerEvent| {
        hold.update_value(|hold| {
            let before = hold.take().map(|mut hold| {
                hold.fingers.retain(|(id, ..)| *id != event.pointer_id());
                hold.from = square.get_untracked();
                hold.restarted()
            });
            *hold = before.filter(|hold| !hold.fingers.is_empty());
        });
        set_held.set(hold.with_value(Option::is_some));
    };
    let on_wheel = move |event: WheelEvent| {
        // A pinch on a touchpad comes as the wheel with Ctrl.
        if event.ctrl_key() {
            event.prevent_default();
            let lines = event.delta_mode() == WheelEvent::DOM_DELTA_LINE;
            let pixels = event.delta_y() * if lines { 16.0 } else { 1.0 };
            let factor = (-pixels * 0.005).exp();
            wants(Some(field.zoomed(square.get_untracked(), factor)));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if let Some(act) = Act::of_key(&event.key(), event.shift_key()) {
            event.prevent_default();
            wants(field.after(square.get_untracked(), act));
        }
    };

    let place = Memo::new(move |_| framing::over(square.get(), field.size()));
    let side = move |at: usize| move || place.with(|place| place[at].clone());
    view! {
        <div class="crop-dim" aria-hidden="true">
            <div
                class="crop-hole"
                style:left=side(0)
                style:top=side(1)
                style:width=side(2)
                style:height=side(3)
            ></div>
        </div>
        <div
            node_ref=frame
            class="crop-frame"
            class:is-held=is_held
            // Neither a slider, which has one value, nor a group, where a screen reader keeps the
            // arrow keys for itself.
            role="application"
            aria-roledescription=text::stage::FRAME_ROLE
            aria-label=text::stage::FRAME
            aria-describedby="crop-frame-help"
            tabindex="0"
            style:left=side(0)
            style:top=side(1)
            style:width=side(2)
            style:height=side(3)
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:wheel=on_wheel
            on:keydown=on_key
        >
            {CORNERS
                .map(|(name, _)| {
                    view! { <span class="crop-corner" data-corner=name aria-hidden="true"></span> }
                })}
        </div>
        <p id="crop-frame-help" hidden>
            {text::stage::FRAME_HELP}
        </p>
    }
}

fn called(name: &str) -> Option<Corner> {
    let found = CORNERS.iter().find(|(it, _)| *it == name);
    found.map(|(_, corner)| *corner)
}

impl Hold {
    /// From here on: a finger came or went.
    fn restarted(mut self) -> Self {
        for (_, from, at) in &mut self.fingers {
            *from = *at;
        }
        self
    }

    /// The square that is wanted now.
    fn square(&self, field: Field) -> Square {
        match (&self.fingers[..], self.corner) {
            ([(_, from, at)], corner) => {
                let way = (at.0 - from.0, at.1 - from.1);
                match corner {
                    Some(corner) => field.pulled(self.from, corner, way),
                    None => field.moved(self.from, way),
                }
            }
            ([(_, a, b), (_, c, d), ..], _) => {
                let (from, to) = ([*a, *c], [*b, *d]);
                let factor = distance(to) / distance(from).max(1.0);
                field.pinched(self.from, from, to, factor)
            }
            ([], _) => self.from,
        }
    }
}
