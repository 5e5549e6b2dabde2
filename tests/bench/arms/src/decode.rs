//! A photo's file, in memory, to the model's tensor. Each decoder gives all pixels to the same resize,
//! ours; ours itself takes rows as they come, where the format has them.

use std::io::Cursor;
use std::path::PathBuf;

use anyhow::{Context, Result};
use conch_shared::decode;
use conch_shared::preprocess::{RgbImage, to_tensor};
use conch_shared::tensor::Tensor;
use image::ImageReader;
use serde::Deserialize;
use serde_json::{Value, json};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::photo::{Photos, recipe};
use crate::resize::timed;

#[derive(Deserialize)]
pub struct Request {
    how: How,
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Ours.
    Conch,
    /// The crate `image`.
    Image,
    /// The crate `zune-jpeg`.
    Zune,
}

pub fn run(request: &Request, photos: &mut Photos) -> Result<Value> {
    let file = photos.file(&request.path)?;
    let mut made = None;
    let seconds = timed(|| {
        made = Some(match request.how {
            How::Conch => decode::tensor(file, &recipe()).map_err(Into::into),
            How::Image => with_image(file),
            How::Zune => with_zune(file),
        });
    });
    made.context("nothing was made")??;
    Ok(json!({ "seconds": seconds }))
}

fn with_image(file: &[u8]) -> Result<Tensor> {
    let photo = ImageReader::new(Cursor::new(file))
        .with_guessed_format()?
        .decode()?
        .into_rgb8();
    let (width, height) = photo.dimensions();
    Ok(to_tensor(
        &RgbImage::new(width, height, photo.into_raw())?,
        &recipe(),
    ))
}

fn with_zune(file: &[u8]) -> Result<Tensor> {
    let options = DecoderOptions::new_fast().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), options);
    let pixels = decoder.decode()?;
    let (width, height) = decoder.dimensions().context("a photo without sides")?;
    let photo = RgbImage::new(u32::try_from(width)?, u32::try_from(height)?, pixels)?;
    Ok(to_tensor(&photo, &recipe()))
}
