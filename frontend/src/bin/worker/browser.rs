//! Formats that only the browser can decode, HEIC where the system knows it, AVIF and others; and
//! those that would take too much memory here. What comes out is approximate: a browser may convert
//! colours, and gives a large photo smaller.

use std::ops::Range;

use conch_shared::decode::{DecodeError, check_size};
use conch_shared::preprocess::RgbImage;
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::kernel::Kernel;
use conch_shared::preprocess::orient::Orientation;
use conch_shared::preprocess::plan::{Plan, View};
use conch_shared::preprocess::stream::{Pixels, Stream};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ImageBitmap, ImageBitmapOptions, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
    ResizeQuality,
};

/// Pixels that are taken from the canvas at a time: 1 million, 4 MB of RGBA.
const STRIP_PIXELS: u32 = 1_000_000;
/// A photo of more pixels is taken smaller from the browser, of about `REDUCED`.
const MAX_FULL: u64 = 24_000_000;
const REDUCED: f64 = 8_000_000.0;

/// Why the browser does not give pixels.
pub(crate) enum Error {
    /// It does not know the format either, or has no canvas in workers.
    CannotDecode,
    /// It does, and something else is wrong.
    Other(DecodeError),
}

/// A photo that the browser decoded, upright.
pub(crate) struct Bitmap {
    bitmap: ImageBitmap,
    /// The photo's own sides, where the browser gave it smaller.
    original: Option<(u32, u32)>,
}

impl Drop for Bitmap {
    fn drop(&mut self) {
        self.bitmap.close();
    }
}

/// The sides that a HEIC or AVIF file claims: its largest `ispe` box (ISO/IEC 23008-12, 6.5.3),
/// looked for where such boxes are, in the file's first 64 kB. Not turned.
pub(crate) fn claimed_size(file: &[u8]) -> Option<(u32, u32)> {
    let head = &file[..file.len().min(1 << 16)];
    let side = |bytes: &[u8]| Some(u32::from_be_bytes(*bytes.first_chunk()?));
    let found = head
        .windows(16)
        .filter(|window| window.starts_with(b"ispe"));
    let sizes = found.filter_map(|window| Some((side(&window[8..])?, side(&window[12..])?)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

/// Decodes a photo with the browser's own decoder; `claimed` are its sides, as far as known.
pub(crate) async fn open(file: &Blob, claimed: Option<(u32, u32)>) -> Result<Bitmap, Error> {
    if let Some((width, height)) = claimed {
        check_size(width, height).map_err(Error::Other)?;
    }
    let count = |(width, height)| u64::from(width) * u64::from(height);
    let large = claimed.filter(|sides| count(*sides) > MAX_FULL);
    let bitmap = match large {
        None => crate::scope().create_image_bitmap_with_blob(file),
        Some((width, height)) => {
            // One side is given, and the browser keeps the proportion; whichever way it turns the
            // photo, the shorter one makes it no larger than wanted.
            let scale = (REDUCED / count((width, height)) as f64).sqrt();
            let options = ImageBitmapOptions::new();
            options.set_resize_width((f64::from(width.min(height)) * scale).max(1.0) as u32);
            options.set_resize_quality(ResizeQuality::Medium);
            crate::scope().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options)
        }
    };
    let bitmap = JsFuture::from(bitmap.map_err(cannot)?);
    let bitmap: ImageBitmap = bitmap.await.map_err(cannot)?.unchecked_into();
    let (width, height) = (bitmap.width(), bitmap.height());
    let is_turned = |sides: (u32, u32)| (sides.0 > sides.1) != (width > height);
    let original = large.map(|sides| match is_turned(sides) {
        true => (sides.1, sides.0),
        false => sides,
    });
    let bitmap = Bitmap { bitmap, original };
    check_size(width, height).map_err(Error::Other)?;
    Ok(bitmap)
}

impl Bitmap {
    /// The photo's sides, even where the browser gave it smaller.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.original.unwrap_or_else(|| self.own_size())
    }

    /// Whether the browser gave it smaller.
    pub(crate) fn is_reduced(&self) -> bool {
        self.original.is_some()
    }

    fn own_size(&self) -> (u32, u32) {
        (self.bitmap.width(), self.bitmap.height())
    }

    /// All pixels, alpha laid over white.
    pub(crate) fn pixels(&self) -> Result<RgbImage, Error> {
        let (width, height) = self.own_size();
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        self.read(0..height, 0..width, &mut |strip| {
            let strip = RgbImage::from_rgba(width, strip.len() as u32 / 4 / width, strip);
            rgb.extend_from_slice(strip.map_err(cannot)?.pixels());
            Ok(())
        })?;
        RgbImage::new(width, height, rgb).map_err(cannot)
    }

    /// What a view shows, and its sides.
    pub(crate) fn see(&self, view: View<'_>) -> Result<(Vec<u8>, (u32, u32)), Error> {
        let square = view.square.map(|square| self.reduced(square));
        let view = View { square, ..view };
        let plan = Plan::or_crop(self.own_size(), Orientation::default(), view);
        let (rows, columns, size) = (plan.rows(), plan.columns(), plan.size());
        let range = |range: Range<usize>| range.start as u32..range.end as u32;
        let stride = 4 * columns.len();
        let mut stream = Stream::with(Kernel::best(), Pixels::Rgba, plan);
        self.read(range(rows), range(columns), &mut |strip| {
            stream.push_all(strip, stride);
            Ok(())
        })?;
        Ok((stream.finish(), size))
    }

    /// A square of the photo in the browser's smaller one.
    fn reduced(&self, square: Square) -> Square {
        let Some((original, _)) = self.original else {
            return square;
        };
        let (width, height) = self.own_size();
        let scale = f64::from(width) / f64::from(original);
        let scaled = |pixels: u32| (f64::from(pixels) * scale).round() as u32;
        let side = scaled(square.side).clamp(1, width.min(height));
        Square {
            left: scaled(square.left).min(width - side),
            top: scaled(square.top).min(height - side),
            side,
        }
    }

    /// RGBA, strip by strip, so that the photo is not there a second time.
    fn read(
        &self,
        rows: Range<u32>,
        columns: Range<u32>,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let width = columns.end - columns.start;
        let strip_rows = (STRIP_PIXELS / width.max(1)).clamp(1, rows.end - rows.start);
        let canvas = OffscreenCanvas::new(width, strip_rows).map_err(cannot)?;
        let context: OffscreenCanvasRenderingContext2d = canvas
            .get_context("2d")
            .map_err(cannot)?
            .ok_or(Error::CannotDecode)?
            .unchecked_into();
        let left = -f64::from(columns.start);
        for top in rows.clone().step_by(strip_rows as usize) {
            let strip_rows = strip_rows.min(rows.end - top);
            let (w, h) = (f64::from(width), f64::from(strip_rows));
            context.clear_rect(0.0, 0.0, w, h);
            context
                .draw_image_with_image_bitmap(&self.bitmap, left, -f64::from(top))
                .map_err(cannot)?;
            let strip = context.get_image_data(0.0, 0.0, w, h).map_err(cannot)?;
            sink(&strip.data().0)?;
        }
        Ok(())
    }
}

fn cannot<E>(_: E) -> Error {
    Error::CannotDecode
}
