//! Calls to the page's own scripts beside it: `keep.js`, `standalone.js`.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What a function of a script promises.
pub(super) async fn call(
    script: &str,
    function: &str,
    argument: &JsValue,
) -> Result<JsValue, JsValue> {
    let script = get(&window(), script);
    let function: Function = get(&script, function).dyn_into()?;
    let promise: Promise = function.call1(&script, argument)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// What an object has by this name; `undefined` where it has nothing.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}
