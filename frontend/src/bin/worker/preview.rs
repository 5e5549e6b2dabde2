//! The small picture of a large photo, for the page to show.

use conch_shared::decode::{DecodeError, Photo};
use conch_shared::model::Recipe;
use conch_shared::preprocess::{RgbImage, resize_whole};
use wasm_bindgen::{Clamped, JsCast};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ImageData, ImageEncodeOptions, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

use crate::photo::to_rgba;

/// The longer side, pixels.
const SIDE: u32 = 1600;

/// Of a photo whose pixels are here.
pub(crate) fn of(image: &RgbImage, recipe: &Recipe) -> RgbImage {
    resize_whole(
        image,
        &recipe.of_whole((image.width(), image.height()), SIDE),
    )
}

/// Of a file.
pub(crate) fn of_file(file: &[u8], recipe: &Recipe) -> Result<RgbImage, DecodeError> {
    let photo = Photo::open(file)?;
    photo.resized(&recipe.of_whole(photo.size(), SIDE))
}

/// As a JPEG; `None` where the browser has no canvas in workers.
pub(crate) async fn encode(image: &RgbImage) -> Option<Blob> {
    let (width, height) = (image.width(), image.height());
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context = canvas.get_context("2d").ok()??;
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    let rgba = to_rgba(image.pixels());
    let data = ImageData::new_with_u8_clamped_array(Clamped(&rgba), width).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()?;
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(0.85);
    let blob = canvas.convert_to_blob_with_options(&options).ok()?;
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}
