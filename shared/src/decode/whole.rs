//! Formats that are decoded whole, by the `image` crate.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::rows::to_rgb;
use super::{DecodeError, MAX_DECODER_BYTES, format_name};
use crate::preprocess::over_white;

fn decoder(file: &[u8], format: ImageFormat) -> Result<impl ImageDecoder + '_, DecodeError> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    reader
        .into_decoder()
        .map_err(|error| image_error(error, format))
}

/// The stored sides, and EXIF's orientation.
pub(super) fn header(
    file: &[u8],
    format: ImageFormat,
) -> Result<((u32, u32), Orientation), DecodeError> {
    let mut decoder = decoder(file, format)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((decoder.dimensions(), orientation))
}

/// A decoded photo, as it is stored.
pub(super) struct Whole(DynamicImage);

impl Whole {
    pub(super) fn decode(file: &[u8], format: ImageFormat) -> Result<Self, DecodeError> {
        let image = DynamicImage::from_decoder(decoder(file, format)?);
        let image = image.map_err(|error| image_error(error, format))?;
        // 16-bit samples and the like: made 8-bit as a whole, since they are rare.
        Ok(Self(match image {
            DynamicImage::ImageLuma8(_)
            | DynamicImage::ImageLumaA8(_)
            | DynamicImage::ImageRgb8(_)
            | DynamicImage::ImageRgba8(_) => image,
            other => {
                let (width, height) = (other.width(), other.height());
                let rgb = image::RgbImage::from_raw(width, height, into_rgb(other));
                DynamicImage::ImageRgb8(rgb.unwrap_or_default())
            }
        }))
    }

    /// A row's columns as RGB; `room` is room for a row, whatever it holds.
    pub(super) fn row<'a>(
        &'a self,
        y: usize,
        columns: &std::ops::Range<usize>,
        room: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let channels = usize::from(self.0.color().channel_count());
        let stride = channels * self.0.width() as usize;
        let row = &self.0.as_bytes()[y * stride..][..stride];
        let row = &row[channels * columns.start..channels * columns.end];
        if channels == 3 {
            return row;
        }
        to_rgb(row, channels, room);
        room
    }
}

/// The bytes of an image of other samples than 8-bit ones as interleaved 8-bit RGB.
fn into_rgb(image: DynamicImage) -> Vec<u8> {
    let high = |sample: u16| (sample >> 8) as u8;
    let rgba = |[r, g, b, a]: [u8; 4]| [r, g, b].map(|colour| over_white(colour, a));
    match image {
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

pub(super) fn image_error(error: ImageError, format: ImageFormat) -> DecodeError {
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
pub(super) fn sentence_part(words: &str) -> String {
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
