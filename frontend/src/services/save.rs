//! Results out of the page: as a file, into the clipboard, on paper.

use std::time::Duration;

use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlTextAreaElement, Url};

use crate::focus;

/// Why the results are still only on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotSaved;

impl From<JsValue> for NotSaved {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Gives the browser a text to save as a file.
pub(crate) fn file(name: &str, kind: &str, content: &str) -> Result<(), NotSaved> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let content = Array::of1(&content.into());
    blob(
        name,
        &Blob::new_with_str_sequence_and_options(&content, &options)?,
    )
}

/// Gives the browser a file to save.
pub(crate) fn blob(name: &str, blob: &Blob) -> Result<(), NotSaved> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Some browsers read the address only after the click. Fails for no address of our own.
    let let_go = move || _ = Url::revoke_object_url(&address);
    set_timeout(let_go, Duration::from_secs(60));
    Ok(())
}

/// Puts a text into the clipboard. Browsers have one for pages that came encrypted, or from this
/// device; elsewhere the text is selected in a field, and copied from there.
pub(crate) async fn to_clipboard(text: &str) -> Result<(), NotSaved> {
    if window().is_secure_context() {
        let clipboard = window().navigator().clipboard();
        if JsFuture::from(clipboard.write_text(text)).await.is_ok() {
            return Ok(());
        }
    }
    let page = document();
    let focused = focus::holder();
    let field: HtmlTextAreaElement = page.create_element("textarea")?.unchecked_into();
    field.set_value(text);
    field.set_class_name("visually-hidden");
    page.body().ok_or(NotSaved)?.append_child(&field)?;
    field.select();
    let copy: Function = Reflect::get(&page, &"execCommand".into())?.dyn_into()?;
    let copied = copy.call1(&page, &"copy".into());
    field.remove();
    if let Some(focused) = focused {
        // Fails for no element that is on the page.
        _ = focused.focus();
    }
    match copied?.as_bool() {
        Some(true) => Ok(()),
        _ => Err(NotSaved),
    }
}

/// Opens the print dialogue.
pub(crate) fn print() -> Result<(), NotSaved> {
    Ok(window().print()?)
}

/// JSON with line breaks, two spaces deep; as it is where it is none.
pub(crate) fn pretty(json: &str) -> String {
    let text = JSON::parse(json).and_then(|value| {
        JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2))
    });
    text.map_or_else(|_| json.to_owned(), String::from)
}
