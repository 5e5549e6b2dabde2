//! What the device says of its power and its heat, where the browser tells (W3C Battery Status,
//! Chromium; W3C Compute Pressure, Chromium on computers).

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::camera::pace::{Hints, is_low};
use crate::js::get;

/// The device's battery and its processor. Dropped, nobody is asked any more.
pub(crate) struct Power {
    battery: Option<JsValue>,
    pressure: Option<Pressure>,
}

struct Pressure {
    observer: JsValue,
    is_high: Rc<Cell<bool>>,
    _on_change: Closure<dyn Fn(JsValue)>,
}

impl Power {
    /// Asks the browser for both.
    pub(crate) async fn ask() -> Self {
        Self {
            battery: battery().await,
            pressure: Pressure::observe(),
        }
    }

    /// As it is now.
    pub(crate) fn hints(&self) -> Hints {
        let is_low = |battery: &JsValue| {
            let level = get(battery, "level").as_f64().unwrap_or(1.0);
            is_low(level, get(battery, "charging").as_bool().unwrap_or(true))
        };
        Hints {
            is_battery_low: self.battery.as_ref().is_some_and(is_low),
            is_hot: self.pressure.as_ref().is_some_and(|it| it.is_high.get()),
        }
    }
}

async fn battery() -> Option<JsValue> {
    let navigator = window().navigator();
    let ask: Function = get(&navigator, "getBattery").dyn_into().ok()?;
    let battery: Promise = ask.call0(&navigator).ok()?.dyn_into().ok()?;
    JsFuture::from(battery).await.ok()
}

impl Pressure {
    fn observe() -> Option<Self> {
        let kind: Function = get(&window(), "PressureObserver").dyn_into().ok()?;
        let is_high = Rc::new(Cell::new(false));
        let on_change = {
            let is_high = Rc::clone(&is_high);
            Closure::<dyn Fn(JsValue)>::new(move |records: JsValue| {
                let state = Array::from(&records).iter().last();
                let state = state.and_then(|it| get(&it, "state").as_string());
                is_high.set(state.as_deref() == Some("critical"));
            })
        };
        let observer = Reflect::construct(&kind, &Array::of1(on_change.as_ref())).ok()?;
        let observe: Function = get(&observer, "observe").dyn_into().ok()?;
        let begun: Promise = observe
            .call1(&observer, &"cpu".into())
            .ok()?
            .dyn_into()
            .ok()?;
        wasm_bindgen_futures::spawn_local(async move {
            // Refused, it says nothing.
            _ = JsFuture::from(begun).await;
        });
        Some(Self {
            observer,
            is_high,
            _on_change: on_change,
        })
    }
}

impl Drop for Pressure {
    fn drop(&mut self) {
        if let Ok(end) = get(&self.observer, "disconnect").dyn_into::<Function>() {
            // Fails for no observer that was made.
            _ = end.call0(&self.observer);
        }
    }
}
