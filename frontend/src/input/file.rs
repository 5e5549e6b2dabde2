//! Photos from the file chooser.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::{ImageSource, sources};

/// What the chooser offers. The endings are for systems that do not know the formats' types.
pub(crate) const ACCEPT: &str = "image/*,.heic,.heif,.avif";

/// The files of an input's `change` event. Empties the input, so that the same file can be chosen
/// again.
pub(crate) fn chosen(event: &Event) -> Vec<ImageSource> {
    let input = event.target();
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let photos = sources(input.files().as_ref());
    input.set_value("");
    photos
}
