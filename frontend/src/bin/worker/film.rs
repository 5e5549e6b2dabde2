//! Frames of a moving picture: no more of their pixels than the tensor is made of.

use std::cell::RefCell;

use conch_shared::model::Recipe;
use conch_shared::preprocess::read_for_tensor;
use js_sys::{JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

thread_local! {
    /// Where frames are drawn to have their pixels; kept, since the next one is as large.
    static CANVAS: RefCell<Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)>> =
        const { RefCell::new(None) };
}

/// A `VideoFrame`'s size, and its pixels that the tensor is made of, RGBA. `None` where the browser does
/// not give them. The frame is closed: the camera has few of them.
pub(crate) fn read(frame: &JsValue, recipe: &Recipe) -> Option<((u32, u32), Vec<u8>)> {
    // Drawn and closed by the same methods as a bitmap, and nobody asks for its class.
    let frame: &ImageBitmap = frame.unchecked_ref();
    let side = |key| {
        Some(
            Reflect::get(frame, &JsValue::from_str(key))
                .ok()?
                .as_f64()? as u32,
        )
    };
    let size = side("displayWidth").zip(side("displayHeight"));
    let rgba = size.and_then(|size| rgba(frame, size, recipe));
    frame.close();
    size.zip(rgba)
}

fn rgba(frame: &ImageBitmap, size: (u32, u32), recipe: &Recipe) -> Option<Vec<u8>> {
    if size.0 == 0 || size.1 == 0 {
        return None;
    }
    let read = read_for_tensor(size.0, size.1, recipe);
    CANVAS.with_borrow_mut(|kept| {
        let is_as_large = |canvas: &OffscreenCanvas| {
            (canvas.width(), canvas.height()) == (read.width, read.height)
        };
        if !kept.as_ref().is_some_and(|(canvas, _)| is_as_large(canvas)) {
            *kept = Some(canvas(read.width, read.height)?);
        }
        let (_, context) = kept.as_ref()?;
        context
            .draw_image_with_image_bitmap(frame, -f64::from(read.left), -f64::from(read.top))
            .ok()?;
        let (width, height) = (f64::from(read.width), f64::from(read.height));
        let pixels = context.get_image_data(0.0, 0.0, width, height).ok()?;
        Some(pixels.data().0)
    })
}

fn canvas(width: u32, height: u32) -> Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)> {
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    // Else each frame would travel to the graphics card and back; and a camera's have no alpha.
    let options = JSON::parse(r#"{"willReadFrequently":true,"alpha":false}"#).ok()?;
    let context = canvas.get_context_with_context_options("2d", &options);
    Some((canvas, context.ok()??.dyn_into().ok()?))
}
