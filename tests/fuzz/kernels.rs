//! All kernels of the resize give the same bytes, for a photo of any size, stored in any way, seen
//! through any recipe and square.
#![no_main]

use std::collections::BTreeMap;

use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::kernel::Kernel;
use conch_shared::preprocess::orient::Orientation;
use conch_shared::preprocess::plan::{Plan, View};
use conch_shared::preprocess::stream::{Pixels, Stream};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

/// Of what comes out: a panorama as a whole would take seconds.
const MOST_PIXELS: u32 = 50_000;

#[derive(Arbitrary, Debug)]
struct Case {
    /// Small enough to try many.
    sides: (u8, u8),
    /// One side so many times longer.
    longer: u8,
    exif: u8,
    pixels: u8,
    resize: u8,
    crop: u8,
    square: Option<(u8, u8, u8)>,
    whole: bool,
    pixel_bytes: Vec<u8>,
}

fuzz_target!(|case: Case| {
    let (width, height) = (u32::from(case.sides.0) + 1, u32::from(case.sides.1) + 1);
    let stored = (width * (u32::from(case.longer % 8) + 1), height);
    let resize = u32::from(case.resize % 96) + 1;
    let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw);
    let recipe = Recipe {
        resize,
        crop: u32::from(case.crop) % resize + 1,
        ..recipe.expect("a recipe of defaults")
    };
    let view = View {
        recipe: &recipe,
        square: case.square.map(|(left, top, side)| Square {
            left: left.into(),
            top: top.into(),
            side: side.into(),
        }),
        whole: case.whole,
    };
    let orientation = Orientation::from_exif(case.exif);
    let (across, down) = Plan::or_crop(stored, orientation, view).size();
    if across * down > MOST_PIXELS {
        return;
    }
    let pixels = [Pixels::Rgb, Pixels::Rgbx, Pixels::Rgba][usize::from(case.pixels % 3)];
    let count = stored.0 as usize * stored.1 as usize * pixels.bytes();
    // The fuzzer's bytes again and again, or a ramp.
    let ramp = (0..=255).collect();
    let source: &Vec<u8> = if case.pixel_bytes.is_empty() {
        &ramp
    } else {
        &case.pixel_bytes
    };
    let bytes: Vec<u8> = source.iter().copied().cycle().take(count).collect();
    let seen = |kernel| {
        let plan = Plan::or_crop(stored, orientation, view);
        let (rows, columns) = (plan.rows(), plan.columns());
        let stride = pixels.bytes() * stored.0 as usize;
        let at = |y: usize, x: usize| y * stride + pixels.bytes() * x;
        let part = &bytes[at(rows.start, columns.start)..at(rows.end - 1, columns.end)];
        let mut in_one_piece = Stream::with(kernel, pixels, plan);
        in_one_piece.push_all(part, stride);
        let plan = Plan::or_crop(stored, orientation, view);
        let mut by_rows = Stream::with(kernel, pixels, plan);
        let row = pixels.bytes() * columns.len();
        part.chunks(stride)
            .for_each(|rest| by_rows.push(&rest[..row]));
        let seen = in_one_piece.finish();
        assert!(
            seen == by_rows.finish(),
            "{kernel:?}: rows and one piece differ"
        );
        seen
    };
    let expected = seen(Kernel::Scalar);
    for kernel in Kernel::available() {
        assert!(seen(kernel) == expected, "{kernel:?} differs");
    }
});
