//! What a message tells the page's worker: a recipe and a square in JSON, sides, and a frame's pixels.
//! Whatever they say, the worker makes a tensor of the recipe's size, or says that it cannot.
//!
//! A case is a line of JSON, and then the pixels. How a message's fields are taken out of a JavaScript
//! object (`protocol.rs` of the page) needs a browser, and is no part of this.
#![no_main]

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::plan::View;
use conch_shared::preprocess::stream::Pixels;
use conch_shared::preprocess::{RgbImage, read_for_tensor, see, to_tensor_from};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

/// A tensor's side, pixels, and a frame's pixels: more would take too long to try many.
const MOST_SIDE: u32 = 48;
const MOST_PIXELS: usize = 1 << 14;

/// The fields of a message about a frame, numbers as JavaScript has them.
#[derive(Deserialize)]
struct Message {
    first: f64,
    second: f64,
    recipe: Recipe,
    square: Option<Square>,
}

fuzz_target!(|case: &[u8]| {
    let line = case.iter().position(|byte| *byte == b'\n');
    let (line, pixels) = case.split_at(line.unwrap_or(case.len()));
    let Ok(message) = serde_json::from_slice::<Message>(line) else {
        return;
    };
    let Message { recipe, square, .. } = &message;
    if recipe.crop > MOST_SIDE {
        return;
    }
    let size @ (width, height) = (message.first as u32, message.second as u32);
    let expected = 3 * recipe.crop as usize * recipe.crop as usize;
    if let Some(tensor) = to_tensor_from(pixels, Pixels::Rgbx, size, recipe) {
        assert_eq!(tensor.data().len(), expected);
    }
    if width == 0 || height == 0 || width.max(height) > u16::MAX.into() {
        return;
    }
    // The same with as many pixels as there should be.
    let wanted = read_for_tensor(width, height, recipe);
    let count = wanted.width as usize * wanted.height as usize;
    if count <= MOST_PIXELS {
        let pixels = cycled(pixels, 4 * count);
        let tensor = to_tensor_from(&pixels, Pixels::Rgbx, size, recipe);
        assert_eq!(tensor.expect("all of its pixels").data().len(), expected);
    }
    let count = width as usize * height as usize;
    if count <= MOST_PIXELS {
        let image = RgbImage::new(width, height, cycled(pixels, 3 * count)).expect("its pixels");
        let view = View {
            recipe,
            square: *square,
            whole: false,
        };
        assert_eq!(see(&image, view).0.len(), expected);
    }
});

/// So many bytes: these again and again.
fn cycled(bytes: &[u8], count: usize) -> Vec<u8> {
    bytes
        .iter()
        .copied()
        .chain([0])
        .cycle()
        .take(count)
        .collect()
}
