use super::super::crop::{Geometry, Square};
use super::super::plan::View;
use super::super::tests::two_passes;
use super::super::{RgbImage, square_recipe};
use super::*;
use crate::model::{Layout, Recipe};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn recipe(resize: u32, crop: u32) -> Recipe {
    let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
    Recipe {
        resize,
        crop,
        ..recipe
    }
}

fn noise(bytes: u32, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

/// A photo as it is stored.
#[derive(Clone)]
struct Stored {
    pixels: Pixels,
    bytes: Vec<u8>,
    sides: (u32, u32),
    turn: Orientation,
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.pixels, self.sides, self.turn)
    }
}

impl Stored {
    fn streamed(&self, kernel: Kernel, view: View<'_>) -> Vec<u8> {
        let plan = Plan::new(self.sides, self.turn, view).unwrap();
        let (columns, rows, bytes) = (plan.columns(), plan.rows(), self.pixels.bytes());
        let mut stream = Stream::with(kernel, self.pixels, plan);
        let stored = self.bytes.chunks(bytes * self.sides.0 as usize);
        for row in stored.take(rows.end).skip(rows.start) {
            stream.push(&row[bytes * columns.start..bytes * columns.end]);
        }
        stream.finish()
    }

    fn streamed_in_one_piece(&self, kernel: Kernel, view: View<'_>) -> Vec<u8> {
        let plan = Plan::new(self.sides, self.turn, view).unwrap();
        let (columns, rows, bytes) = (plan.columns(), plan.rows(), self.pixels.bytes());
        let stride = bytes * self.sides.0 as usize;
        let at = |y: usize, x: usize| y * stride + bytes * x;
        let mut stream = Stream::with(kernel, self.pixels, plan);
        stream.push_all(
            &self.bytes[at(rows.start, columns.start)..at(rows.end - 1, columns.end)],
            stride,
        );
        stream.finish()
    }

    /// The reference: the whole photo, laid over white, turned, cut and resized.
    fn whole(&self, view: View<'_>) -> Vec<u8> {
        let (stored_width, stored_height) = self.sides;
        let image = match self.pixels {
            Pixels::Rgb => RgbImage::new(stored_width, stored_height, self.bytes.clone()),
            Pixels::Rgbx | Pixels::Rgba => {
                RgbImage::from_rgba(stored_width, stored_height, &self.bytes)
            }
        };
        let rgb = image.unwrap().pixels().to_vec();
        let upright = self
            .turn
            .turn(rgb, stored_width as usize, stored_height as usize);
        let (width, height) = self.turn.turn_sides(self.sides);
        let mut image = RgbImage::new(width, height, upright).unwrap();
        let mut recipe = view.recipe.clone();
        if let Some(square) = view.square {
            image = image.cut(square).unwrap();
            recipe = square_recipe(&recipe);
        }
        let geometry = Geometry::new(image.width(), image.height(), &recipe);
        let (columns, rows) = match view.whole {
            true => ((0, geometry.resized_width), (0, geometry.resized_height)),
            false => (
                (geometry.left, geometry.side),
                (geometry.top, geometry.side),
            ),
        };
        two_passes::resize(&image, &geometry, columns, rows)
    }
}

fn stored() -> impl Strategy<Value = Stored> {
    let sides = prop_oneof![
        (1u32..90, 1u32..90),
        (1u32..400, 1u32..60),
        (1u32..60, 1u32..400),
        (300u32..900, 300u32..900),
    ];
    let pixels = prop_oneof![Just(Pixels::Rgb), Just(Pixels::Rgbx), Just(Pixels::Rgba)];
    (sides, 0u8..9, any::<u32>(), pixels, any::<bool>()).prop_map(
        |(sides, exif, seed, pixels, is_opaque)| {
            let mut bytes = noise(sides.0 * sides.1 * pixels.bytes() as u32, seed);
            if pixels == Pixels::Rgbx || pixels == Pixels::Rgba && is_opaque {
                bytes
                    .iter_mut()
                    .skip(3)
                    .step_by(4)
                    .for_each(|alpha| *alpha = 255);
            }
            Stored {
                pixels,
                bytes,
                sides,
                turn: Orientation::from_exif(exif),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn rows_give_the_bytes_of_the_whole_photo_on_every_kernel(
        stored in stored(),
        (resize, crop) in (1u32..70).prop_flat_map(|resize| (Just(resize), 1..=resize)),
        square in prop::option::of((0.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64)),
        all: bool,
    ) {
        let recipe = recipe(resize, crop);
        let (width, height) = stored.turn.turn_sides(stored.sides);
        let square = square.map(|(x, y, part)| {
            let side = ((f64::from(width.min(height)) * part) as u32).max(1);
            let at = |share: f64, most: u32| (share * f64::from(most - side + 1)) as u32;
            Square { left: at(x, width), top: at(y, height), side }
        });
        let view = View { recipe: &recipe, square, whole: all };
        let expected = stored.whole(view);
        for kernel in Kernel::available() {
            prop_assert!(stored.streamed(kernel, view) == expected, "{kernel:?}, row by row");
            let whole = stored.streamed_in_one_piece(kernel, view);
            prop_assert!(whole == expected, "{kernel:?}, in one piece");
        }
    }
}

#[test]
fn the_longest_row_sums_up_exactly_on_every_kernel() {
    let recipe = recipe(1, 1);
    for sides in [(65_535, 1), (65_535, 65_535 / 64), (1, 65_535)] {
        let bytes = noise(3 * sides.0 * sides.1, 7);
        let stored = Stored {
            pixels: Pixels::Rgb,
            bytes,
            sides,
            turn: Orientation::default(),
        };
        let view = View {
            whole: true,
            ..View::of_crop(&recipe)
        };
        let expected = stored.whole(view);
        for kernel in Kernel::available() {
            assert!(
                stored.streamed(kernel, view) == expected,
                "{kernel:?} {sides:?}"
            );
        }
    }
}

#[test]
fn the_machine_has_more_than_the_reference() {
    let best = Kernel::best();
    assert!(Kernel::available().any(|kernel| kernel == Kernel::Scalar));
    assert!(Kernel::available().any(|kernel| kernel == best));
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        assert_ne!(best, Kernel::Scalar);
    }
}
