//! Every set of instructions that there is here gives the same bytes as the plain code, which
//! Pillow's own bytes are held against.

use std::collections::BTreeMap;

use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::kernel::Kernel;
use conch_shared::preprocess::orient::Orientation;
use conch_shared::preprocess::plan::{Plan, View};
use conch_shared::preprocess::stream::{Pixels, Stream};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Sides around the blocks of 4 and 8 pixels that are worked on together, upscales, a panorama and
/// its like, and a size as of a photo.
const SIDES: [(u32, u32); 14] = [
    (1, 1),
    (3, 2),
    (4, 4),
    (7, 9),
    (8, 31),
    (17, 5),
    (33, 64),
    (100, 63),
    (255, 257),
    (640, 427),
    (97, 1200),
    (1500, 90),
    (1999, 1333),
    (5000, 40),
];

#[test]
fn all_kernels_give_the_bytes_of_the_reference() {
    let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
    #[cfg(target_family = "wasm")]
    assert_eq!(Kernel::available().count(), 2, "built without simd128");
    for sides in SIDES {
        for pixels in [Pixels::Rgb, Pixels::Rgbx, Pixels::Rgba] {
            let bytes = noise(sides.0 as usize * sides.1 as usize * pixels.bytes());
            for exif in [1, 6] {
                let seen = |kernel| seen(kernel, pixels, &bytes, sides, exif, &recipe);
                let expected = seen(Kernel::Scalar);
                for kernel in Kernel::available() {
                    assert!(
                        seen(kernel) == expected,
                        "{kernel:?} {pixels:?} {sides:?} {exif}"
                    );
                }
            }
        }
    }
}

fn seen(
    kernel: Kernel,
    pixels: Pixels,
    bytes: &[u8],
    sides: (u32, u32),
    exif: u8,
    recipe: &Recipe,
) -> Vec<u8> {
    let plan = Plan::or_crop(sides, Orientation::from_exif(exif), View::of_crop(recipe));
    let (rows, columns) = (plan.rows(), plan.columns());
    let stride = pixels.bytes() * sides.0 as usize;
    let at = |y: usize, x: usize| y * stride + pixels.bytes() * x;
    let mut stream = Stream::with(kernel, pixels, plan);
    stream.push_all(
        &bytes[at(rows.start, columns.start)..at(rows.end - 1, columns.end)],
        stride,
    );
    stream.finish()
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x2545_F491u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}
