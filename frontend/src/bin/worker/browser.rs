//! Formats that only the browser can decode: HEIC where the system knows it, AVIF, and others.

use conch_shared::decode::{DecodeError, MAX_PIXELS, MAX_SIDE};
use conch_shared::preprocess::RgbImage;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// Pixels that are taken from the canvas at a time: 4 million, 16 MB of RGBA.
const STRIP_PIXELS: u32 = 4_000_000;

/// Why the browser does not give pixels.
pub(crate) enum Error {
    /// It does not know the format either, or has no canvas in workers.
    CannotDecode,
    /// It does, and something else is wrong.
    Other(DecodeError),
}

/// Decodes a photo with the browser's own decoder, upright, alpha laid over white.
pub(crate) async fn decode(file: &Blob) -> Result<RgbImage, Error> {
    let bitmap = crate::scope()
        .create_image_bitmap_with_blob(file)
        .map(JsFuture::from);
    let bitmap: ImageBitmap = match bitmap {
        Ok(promise) => promise.await.map_err(cannot)?.unchecked_into(),
        Err(_) => return Err(Error::CannotDecode),
    };
    let pixels = read(&bitmap);
    bitmap.close();
    pixels
}

fn read(bitmap: &ImageBitmap) -> Result<RgbImage, Error> {
    let (width, height) = (bitmap.width(), bitmap.height());
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(Error::Other(DecodeError::TooLarge { width, height }));
    }
    // Strip by strip, so that the photo is never there as RGBA and RGB at once.
    let rows = (STRIP_PIXELS / width.max(1)).clamp(1, height.max(1));
    let canvas = OffscreenCanvas::new(width, rows).map_err(cannot)?;
    let context: OffscreenCanvasRenderingContext2d = canvas
        .get_context("2d")
        .map_err(cannot)?
        .ok_or(Error::CannotDecode)?
        .unchecked_into();
    let mut pixels = Vec::with_capacity(3 * width as usize * height as usize);
    for top in (0..height).step_by(rows as usize) {
        let rows = rows.min(height - top);
        let (w, h) = (f64::from(width), f64::from(rows));
        context.clear_rect(0.0, 0.0, w, h);
        context
            .draw_image_with_image_bitmap(bitmap, 0.0, -f64::from(top))
            .map_err(cannot)?;
        let strip = context.get_image_data(0.0, 0.0, w, h).map_err(cannot)?;
        let strip =
            RgbImage::from_rgba(width, rows, &strip.data().0).or(Err(Error::CannotDecode))?;
        pixels.extend_from_slice(strip.pixels());
    }
    RgbImage::new(width, height, pixels).or(Err(Error::CannotDecode))
}

fn cannot<E>(_: E) -> Error {
    Error::CannotDecode
}
