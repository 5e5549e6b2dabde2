//! The page as an app (`standalone.js`): the browser's offer to install it, and the service worker.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use super::keep::Kept;
use super::script::call;
use crate::js::get;

const SCRIPT: &str = "conchApp";

/// How the page comes onto this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Install {
    /// The browser offers it, and asks once more.
    Offered,
    /// By hand, from the share sheet of an iPhone or iPad.
    ByHand,
    /// It is there, or this browser has no way that a page could know of.
    Absent,
}

/// How the page can be installed now; followed until the owner is cleaned up.
pub(crate) fn install_way() -> ReadSignal<Install> {
    let (way, set_way) = signal(way());
    let listener = window_event_listener_untyped("conch-offer", move |_| set_way.set(self::way()));
    on_cleanup(move || listener.remove());
    way
}

/// Takes the browser's offer: it asks the person.
pub(crate) fn install() {
    run("install");
}

/// Has the service worker keep the page's files, where the browser has one.
pub(crate) fn register() {
    run("register");
}

/// Lets the service worker ask for the photos on the page, before another page takes its place; as long
/// as the page lives.
pub(crate) fn give_photos(photos: impl Fn() -> Kept + 'static) {
    let give = Closure::<dyn Fn() -> JsValue>::new(move || photos().to_js());
    // Fails for no object of our own; it may be missing.
    _ = Reflect::set(&get(&window(), SCRIPT), &"photos".into(), give.as_ref());
    give.forget();
}

fn way() -> Install {
    let offer = get(&get(&window(), SCRIPT), "offer");
    // Only Apple's mobile browsers have this: `false` in a tab, `true` from the home screen.
    let standalone = get(&window().navigator(), "standalone");
    match (offer.is_object(), standalone.as_bool()) {
        (true, _) => Install::Offered,
        (false, Some(false)) => Install::ByHand,
        (false, _) => Install::Absent,
    }
}

fn run(function: &'static str) {
    spawn_local(async move {
        // Refused or dismissed: the page goes on as it is.
        _ = call(SCRIPT, function, &JsValue::UNDEFINED).await;
    });
}
