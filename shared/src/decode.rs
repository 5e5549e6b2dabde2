//! A photo's file to upright RGB pixels, or at once to what a model sees of it.
//!
//! EXIF orientation is applied, alpha is laid over white, grey and palette become RGB, 16-bit
//! becomes 8-bit by its high byte, of an animation the first frame counts. JPEG and PNG come row by
//! row, so that a large photo is never in memory as a whole; the other formats, and interlaced PNG,
//! are decoded whole by the `image` crate. Decoders are held by limits, and one that panics fails
//! its photo alone.

mod error;
mod png;
mod rows;
mod whole;

use std::hash::{DefaultHasher, Hasher};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::ImageFormat;
use image::metadata::Orientation as Exif;

pub use self::error::DecodeError;
use self::whole::Whole;
use crate::jpeg::{Jpeg, JpegError};
use crate::model::Recipe;
pub use crate::preprocess::MAX_SIDE;
use crate::preprocess::kernel::Kernel;
use crate::preprocess::orient::Orientation;
use crate::preprocess::plan::{Plan, View};
use crate::preprocess::stream::{Pixels, Stream};
use crate::preprocess::{RgbImage, arrange};
use crate::tensor::Tensor;

/// Most pixels that a photo may have: 128 million, above the largest phone cameras' 108.
pub const MAX_PIXELS: u64 = 128_000_000;
/// Most bytes that a decoder may hold beside the pixels it gives.
const MAX_DECODER_BYTES: u64 = 1 << 30;

/// A photo's file whose headers were read.
pub struct Photo<'a> {
    file: &'a [u8],
    format: ImageFormat,
    stored: (u32, u32),
    orientation: Orientation,
    source: Source<'a>,
}

/// What a view shows, upright: interleaved RGB, and its sides.
pub type Seen = (Vec<u8>, (u32, u32));

/// How its pixels are had.
enum Source<'a> {
    Jpeg(Box<Jpeg<'a>>),
    /// Opened again for each reading.
    Png,
    Whole,
}

/// Decodes a photo.
///
/// # Errors
/// When the file is empty, no photo, too large or damaged.
pub fn decode(file: &[u8]) -> Result<RgbImage, DecodeError> {
    Photo::open(file)?.pixels()
}

/// A digest of a file: the same for the same photo twice. Not for security.
pub fn digest(file: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(file);
    hasher.finish()
}

/// A photo as the model's tensor of pixels, read row by row where its format allows: the bytes of
/// [`to_tensor`](crate::preprocess::to_tensor).
///
/// # Errors
/// When the file is empty, no photo, too large or damaged.
pub fn tensor(file: &[u8], recipe: &Recipe) -> Result<Tensor, DecodeError> {
    let (pixels, _) = Photo::open(file)?.see(View::of_crop(recipe))?;
    Ok(arrange(&pixels, recipe))
}

impl<'a> Photo<'a> {
    /// Reads a file's headers.
    ///
    /// # Errors
    /// When the file is empty, no photo, too large or damaged.
    pub fn open(file: &'a [u8]) -> Result<Self, DecodeError> {
        if file.is_empty() {
            return Err(DecodeError::Empty);
        }
        let Ok(format) = image::guess_format(file) else {
            return Err(foreign_format(file));
        };
        contained(format, || Self::open_as(file, format))
    }

    fn open_as(file: &'a [u8], format: ImageFormat) -> Result<Self, DecodeError> {
        if let Some((width, height)) = claimed_size(file, format) {
            check_size(width, height)?;
        }
        let jpeg = match format {
            ImageFormat::Jpeg => Jpeg::open(file).map_err(jpeg_error)?,
            _ => None,
        };
        let (stored, exif, source) = match jpeg {
            Some(jpeg) => {
                let exif = jpeg.exif().and_then(Exif::from_exif_chunk);
                let exif = exif.unwrap_or(Exif::NoTransforms);
                (jpeg.size(), exif, Source::Jpeg(Box::new(jpeg)))
            }
            None if format == ImageFormat::Jpeg => {
                return Err(DecodeError::Unsupported {
                    format: "This kind of JPEG",
                });
            }
            None => {
                let (stored, exif) = whole::header(file, format)?;
                check_size(stored.0, stored.1)?;
                let is_rows = format == ImageFormat::Png && png::open(file)?.is_some();
                let source = if is_rows { Source::Png } else { Source::Whole };
                (stored, exif, source)
            }
        };
        check_size(stored.0, stored.1)?;
        if stored.0 == 0 || stored.1 == 0 {
            return Err(damaged(format, "it has no pixels"));
        }
        Ok(Self {
            file,
            format,
            stored,
            orientation: Orientation::from_exif(exif.to_exif()),
            source,
        })
    }

    /// Width and height of the upright photo, pixels.
    pub fn size(&self) -> (u32, u32) {
        self.orientation.turn_sides(self.stored)
    }

    /// The format's name.
    pub fn format(&self) -> &'static str {
        format_name(self.format)
    }

    /// Whether it can be seen without having all of its pixels in memory.
    pub fn comes_in_rows(&self) -> bool {
        !matches!(self.source, Source::Whole)
    }

    /// What a view shows, upright, interleaved RGB, and its sides. Of a square that does not lie
    /// inside, the recipe's own crop is shown.
    ///
    /// # Errors
    /// When the file is damaged, or takes too much memory.
    pub fn see(&self, view: View<'_>) -> Result<Seen, DecodeError> {
        let plan = self.plan(view);
        let (rows, columns, size) = (plan.rows(), plan.columns(), plan.size());
        let mut stream = self.stream(plan);
        self.read(rows, columns, &mut |row| stream.push(row))?;
        Ok((stream.finish(), size))
    }

    /// The whole photo after the resize, upright: [`resize_whole`](crate::preprocess::resize_whole)
    /// of its pixels.
    ///
    /// # Errors
    /// When the file is damaged, or takes too much memory.
    pub fn resized(&self, recipe: &Recipe) -> Result<RgbImage, DecodeError> {
        let (pixels, (width, height)) = self.see(View {
            recipe,
            square: None,
            whole: true,
        })?;
        self.image(width, height, pixels)
    }

    /// What the bytes of the rows are that [`Self::read`] gives.
    fn pixels_of_rows(&self) -> Pixels {
        match self.source {
            Source::Jpeg(_) => Pixels::Rgbx,
            Source::Png | Source::Whole => Pixels::Rgb,
        }
    }

    fn stream(&self, plan: Plan) -> Stream {
        Stream::with(Kernel::best(), self.pixels_of_rows(), plan)
    }

    fn plan(&self, view: View<'_>) -> Plan {
        Plan::or_crop(self.stored, self.orientation, view)
    }

    fn image(&self, width: u32, height: u32, pixels: Vec<u8>) -> Result<RgbImage, DecodeError> {
        RgbImage::new(width, height, pixels)
            .map_err(|error| damaged(self.format, &error.to_string()))
    }

    /// All of its pixels.
    ///
    /// # Errors
    /// When the file is damaged, or takes too much memory.
    pub fn pixels(&self) -> Result<RgbImage, DecodeError> {
        let (width, height) = (self.stored.0 as usize, self.stored.1 as usize);
        let mut pixels = Vec::with_capacity(3 * width * height);
        self.read(
            0..height,
            0..width,
            &mut |row| match self.pixels_of_rows() {
                Pixels::Rgb => pixels.extend_from_slice(row),
                Pixels::Rgbx | Pixels::Rgba => extend_rgb(&mut pixels, row),
            },
        )?;
        let pixels = self.orientation.turn(pixels, width, height);
        let (width, height) = self.size();
        self.image(width, height, pixels)
    }

    /// Gives the wanted stored rows, each with the wanted columns.
    fn read(
        &self,
        rows: Range<usize>,
        columns: Range<usize>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), DecodeError> {
        contained(self.format, || match &self.source {
            Source::Jpeg(jpeg) => jpeg.read(rows, columns, sink).map_err(jpeg_error),
            Source::Png => match png::open(self.file)? {
                Some(png) => png.read(rows, columns, sink),
                None => Err(DecodeError::NotAPhoto),
            },
            Source::Whole => {
                let image = Whole::decode(self.file, self.format)?;
                let mut room = Vec::new();
                for y in rows {
                    sink(image.row(y, &columns, &mut room));
                }
                Ok(())
            }
        })
    }
}

/// The first three bytes of each pixel's four.
fn extend_rgb(pixels: &mut Vec<u8>, row: &[u8]) {
    let from = pixels.len();
    pixels.resize(from + row.len() / 4 * 3, 0);
    let (to, _) = pixels[from..].as_chunks_mut::<3>();
    for (to, [r, g, b, _]) in to.iter_mut().zip(row.as_chunks::<4>().0) {
        *to = [*r, *g, *b];
    }
}

/// Runs a decoder, so that one that panics fails its photo alone. Where panics abort (the page's
/// worker) this catches nothing, and the page starts the worker anew.
fn contained<T>(
    format: ImageFormat,
    decode: impl FnOnce() -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(damaged(format, "the decoder gave up on it")))
}

fn damaged(format: ImageFormat, reason: &str) -> DecodeError {
    DecodeError::Damaged {
        format: format_name(format),
        reason: reason.to_owned(),
    }
}

fn jpeg_error(JpegError(reason): JpegError) -> DecodeError {
    DecodeError::Damaged {
        format: "JPEG",
        reason,
    }
}

/// Refuses a photo of more pixels than are taken.
///
/// # Errors
/// When it has more than [`MAX_PIXELS`], or a side longer than [`MAX_SIDE`].
pub fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok(())
}

/// The sides that a PNG or BMP claims in its fixed places: PNG's first chunk (PNG specification,
/// 11.2.1), BMP's BITMAPINFOHEADER. Where a `usize` has 32 bits, their decoders multiply the sides
/// into an overflow before they can be asked.
fn claimed_size(file: &[u8], format: ImageFormat) -> Option<(u32, u32)> {
    let four = |at: usize| file.get(at..)?.first_chunk::<4>().copied();
    match format {
        ImageFormat::Png => Some((u32::from_be_bytes(four(16)?), u32::from_be_bytes(four(20)?))),
        ImageFormat::Bmp => {
            // A negative height says that the rows go from top to bottom.
            let side = |at| Some(i32::from_le_bytes(four(at)?).unsigned_abs());
            Some((side(18)?, side(22)?))
        }
        _ => None,
    }
}

/// A format that `image` does not know by its first bytes.
fn foreign_format(file: &[u8]) -> DecodeError {
    // ISO base media files: a box size, then "ftyp" and the brand (ISO/IEC 14496-12, 4.3).
    match (file.get(4..8), file.get(8..12)) {
        (Some(b"ftyp"), Some(b"avif" | b"avis")) => DecodeError::Unsupported { format: "AVIF" },
        (Some(b"ftyp"), Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"mif1" | b"msf1")) => {
            DecodeError::Unsupported { format: "HEIC" }
        }
        _ => DecodeError::NotAPhoto,
    }
}

fn format_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Gif => "GIF",
        ImageFormat::WebP => "WebP",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Avif => "AVIF",
        ImageFormat::Ico => "icon",
        _ => "picture",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(file: &[u8]) -> String {
        decode(file).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_photo_is_told_by_what_it_is() {
        assert_eq!(message(b""), "The file is empty (0 bytes).");
        assert!(message(b"hello, this is a text").starts_with("This is not a photo"));
        assert!(message(b"\0\0\0\x18ftypheic\0\0\0\0").starts_with("HEIC cannot be decoded here"));
        assert!(message(b"\0\0\0\x18ftypavif\0\0\0\0").starts_with("AVIF cannot be decoded here"));
        let no_rows = b"GIF89a\0\x80\0\0\0\0\0\xff\xff\xff;";
        assert!(message(no_rows).ends_with("it has no pixels."));
    }
}
