//! A photo's file to upright RGB pixels.
//!
//! EXIF orientation is applied, alpha is laid over white, grey and palette become RGB, 16-bit
//! becomes 8-bit by its high byte, of an animation the first frame counts. The decoders are the
//! `image` crate's; they are held by limits, and one that panics fails its photo alone.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::preprocess::{RgbImage, over_white};

/// Most pixels that a photo may have: 128 million, above the largest phone cameras' 108.
pub const MAX_PIXELS: u64 = 128_000_000;
/// Longest side that a photo may have, pixels.
pub const MAX_SIDE: u32 = 65_535;
/// Most bytes that a decoder may hold beside the pixels it gives.
const MAX_DECODER_BYTES: u64 = 1 << 30;

/// Why a file does not become a photo. Each message is a sentence for the person who chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("The file is empty (0 bytes).")]
    Empty,
    /// The first bytes are no picture's.
    #[error("This is not a photo: its first bytes are of no picture format that is known here.")]
    NotAPhoto,
    /// A picture, but of a format that only a browser or another program can open.
    #[error("{format} cannot be decoded here. Save the photo as JPEG or PNG and try again.")]
    Unsupported {
        /// The format's name.
        format: &'static str,
    },
    /// More pixels than the limits allow.
    #[error(
        "The photo is too large: {width} × {height} pixels. At most {} million pixels, {MAX_SIDE} a side, are taken.",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The decoder would hold more than it may.
    #[error("The {format} photo takes too much memory to open. Save it smaller and try again.")]
    TooMuchMemory {
        /// The format's name.
        format: &'static str,
    },
    /// The format is known and the content broken.
    #[error("The {format} file is damaged: {reason}.")]
    Damaged {
        /// The format's name.
        format: &'static str,
        /// What the decoder says, or that it gave up.
        reason: String,
    },
}

/// Decodes a photo.
///
/// # Errors
/// When the file is empty, no photo, too large or damaged.
pub fn decode(file: &[u8]) -> Result<RgbImage, DecodeError> {
    if file.is_empty() {
        return Err(DecodeError::Empty);
    }
    let Ok(format) = image::guess_format(file) else {
        return Err(foreign_format(file));
    };
    let name = format_name(format);
    // Where panics abort (the page's worker) this catches nothing, and the page starts the
    // worker anew.
    catch_unwind(AssertUnwindSafe(|| decode_as(file, format))).unwrap_or_else(|_| {
        Err(DecodeError::Damaged {
            format: name,
            reason: "the decoder gave up on it".to_owned(),
        })
    })
}

fn decode_as(file: &[u8], format: ImageFormat) -> Result<RgbImage, DecodeError> {
    let failed = |error: ImageError| image_error(error, format);
    if let Some((width, height)) = claimed_size(file, format) {
        check_size(width, height)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    RgbImage::new(width, height, into_rgb(image)).map_err(|error| DecodeError::Damaged {
        format: format_name(format),
        reason: error.to_string(),
    })
}

fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
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

/// The bytes of any decoded image as interleaved 8-bit RGB.
fn into_rgb(image: DynamicImage) -> Vec<u8> {
    let high = |sample: u16| (sample >> 8) as u8;
    let rgba = |[r, g, b, a]: [u8; 4]| [r, g, b].map(|colour| over_white(colour, a));
    match image {
        DynamicImage::ImageRgb8(image) => image.into_raw(),
        DynamicImage::ImageLuma8(image) => image.pixels().flat_map(|p| [p.0[0]; 3]).collect(),
        DynamicImage::ImageLumaA8(image) => image
            .pixels()
            .flat_map(|p| [over_white(p.0[0], p.0[1]); 3])
            .collect(),
        DynamicImage::ImageRgba8(image) => image.pixels().flat_map(|p| rgba(p.0)).collect(),
        DynamicImage::ImageLuma16(image) => {
            image.pixels().flat_map(|p| [high(p.0[0]); 3]).collect()
        }
        DynamicImage::ImageLumaA16(image) => image
            .pixels()
            .flat_map(|p| [over_white(high(p.0[0]), high(p.0[1])); 3])
            .collect(),
        DynamicImage::ImageRgb16(image) => image.pixels().flat_map(|p| p.0.map(high)).collect(),
        DynamicImage::ImageRgba16(image) => {
            image.pixels().flat_map(|p| rgba(p.0.map(high))).collect()
        }
        other => other.into_rgb8().into_raw(),
    }
}

fn image_error(error: ImageError, format: ImageFormat) -> DecodeError {
    let format = format_name(format);
    match error {
        ImageError::Unsupported(_) => DecodeError::Unsupported { format },
        ImageError::Limits(_) => DecodeError::TooMuchMemory { format },
        other => DecodeError::Damaged {
            format,
            reason: sentence_part(&last_cause(&other)),
        },
    }
}

/// A decoder's words without the white space and full stop that would end our sentence twice.
fn sentence_part(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_owned()
}

/// The innermost cause: the decoder's own words, without the wrappers' repeated ones.
fn last_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => last_cause(source),
        None => error.to_string(),
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
    }
}
