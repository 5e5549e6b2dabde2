//! Calls to the page's own scripts beside it: `keep.js`, `standalone.js`.

use js_sys::{Function, Promise};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js::get;

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
