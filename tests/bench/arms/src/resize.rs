//! Resizing decoded pixels, on one thread: ours, two libraries, and a copy of the bytes that must be
//! read, which is the floor.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use conch_bench_arms::{Fast, Layout};
use conch_shared::preprocess::crop::Geometry;
use conch_shared::preprocess::{RgbImage, read_for_tensor, resize_and_crop, resize_whole};
use image::imageops::{self, FilterType};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::photo::{Photos, recipe};

#[derive(Deserialize)]
pub struct Request {
    how: How,
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Ours: of the photo only what lies under the crop.
    Crop,
    /// Ours: all of it.
    Whole,
    /// The crate `image`, whose `Triangle` is Pillow's BILINEAR but for rounding: all of it.
    Image,
    /// The crate `fast_image_resize`, with the instructions that it finds: all of it.
    Fast,
    /// The bytes that the crop must read, copied row by row.
    Copy,
}

pub fn run(request: &Request, photos: &mut Photos) -> Result<Value> {
    let photo = photos.pixels(&request.path)?;
    let recipe = recipe();
    let geometry = Geometry::new(photo.width(), photo.height(), &recipe);
    let small = (geometry.resized_width, geometry.resized_height);
    let seconds = match request.how {
        How::Crop => timed(|| resize_and_crop(photo, &recipe)),
        How::Whole => timed(|| resize_whole(photo, &recipe)),
        How::Image => {
            let (width, height) = (photo.width(), photo.height());
            let view =
                image::ImageBuffer::<image::Rgb<u8>, _>::from_raw(width, height, photo.pixels())
                    .expect("the photo is of this size");
            timed(|| imageops::resize(&view, small.0, small.1, FilterType::Triangle))
        }
        How::Fast => {
            let mut fast = Fast::new(small, Layout::Rgb);
            // Once before: it keeps its buffers from call to call.
            fast.resize((photo.width(), photo.height()), photo.pixels());
            timed(|| fast.resize((photo.width(), photo.height()), photo.pixels()))
        }
        How::Copy => {
            let window = read_for_tensor(photo.width(), photo.height(), &recipe);
            // Not zeros: their memory would only be had while it is copied to, which takes longer.
            let mut room = vec![1; 3 * window.width as usize * window.height as usize];
            timed(|| copy(photo, window, &mut room))
        }
    };
    Ok(json!({ "seconds": seconds }))
}

fn copy(photo: &RgbImage, window: conch_shared::preprocess::crop::Window, room: &mut [u8]) {
    let (stride, left) = (3 * photo.width() as usize, 3 * window.left as usize);
    let rows = photo
        .pixels()
        .chunks_exact(stride)
        .skip(window.top as usize);
    let width = 3 * window.width as usize;
    for (row, to) in rows.zip(room.chunks_exact_mut(width)) {
        to.copy_from_slice(black_box(&row[left..left + width]));
    }
    black_box(room);
}

/// What it takes to make the result, not to throw it away.
pub fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    let made = black_box(work());
    let seconds = begin.elapsed().as_secs_f64();
    drop(made);
    seconds
}
