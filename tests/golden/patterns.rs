//! The synthetic pictures of `patterns.py`, from the same integer formulas.

use conch_shared::preprocess::RgbImage;
use serde::Deserialize;

/// A case on such a picture, and the digest of the crop that Pillow makes of it; `more` is what the
/// cases of one data file have besides.
#[derive(Deserialize)]
pub(crate) struct Case<M> {
    pub(crate) name: String,
    pattern: String,
    width: u32,
    height: u32,
    seed: u32,
    pub(crate) crop: u32,
    pub(crate) crop_sha256: String,
    #[serde(flatten)]
    pub(crate) more: M,
}

impl<M> Case<M> {
    /// The picture that the case is about.
    pub(crate) fn picture(&self) -> RgbImage {
        picture(&self.pattern, self.width, self.height, self.seed)
    }
}

/// A picture of `width × height` pixels; `seed` is a period for `checker` and `stripes`.
fn picture(pattern: &str, width: u32, height: u32, seed: u32) -> RgbImage {
    let mut sample = sampler(pattern, width, seed);
    let mut pixels = Vec::with_capacity(3 * (width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                pixels.push(sample(x, y, channel));
            }
        }
    }
    RgbImage::new(width, height, pixels).expect("three bytes a pixel")
}

fn sampler(pattern: &str, width: u32, seed: u32) -> Box<dyn FnMut(u32, u32, u32) -> u8> {
    let white = |yes: bool| if yes { 255 } else { 0 };
    let mut state = seed;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    match pattern {
        "noise" => Box::new(move |_, _, _| next()),
        "extremes" => Box::new(move |_, _, _| white(next() >= 128)),
        "checker" => Box::new(move |x, y, c| white((x / seed + y / seed + c) % 2 == 1)),
        "gradient" => Box::new(move |x, y, c| ((x * (c + 1) + y * (3 - c) + seed) % 256) as u8),
        "stripes" => Box::new(move |x, _, c| white((x + c) / seed % 2 == 1)),
        "impulse" => Box::new(move |x, y, _| white((y * width + x + seed).is_multiple_of(97))),
        other => panic!("resize.json names an unknown pattern: {other}"),
    }
}
