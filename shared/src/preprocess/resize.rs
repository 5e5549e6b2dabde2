//! Pillow's BILINEAR resize, exact to the byte, of the pixels under the crop alone.
//!
//! After Pillow's `Resample.c`: a triangle filter whose support grows with the scale, weights as
//! fixed-point numbers of `PRECISION` bits, two passes with bytes between them, the horizontal
//! one first except for tall photos (`vertical_first`). This is the scalar reference.

use super::RgbImage;
use super::crop::{Geometry, Window};

/// Bits behind the point of a weight: `32 - 8 - 2`, so that a sum of products fits in an `i32`.
const PRECISION: u32 = 32 - 8 - 2;
/// Half a unit: the accumulator starts here, so that cutting rounds.
pub(super) const HALF: i32 = 1 << (PRECISION - 1);

/// The source samples that make one output sample, and their weights.
pub(super) struct Taps {
    /// The first source sample.
    pub(super) first: usize,
    /// Weights, one a source sample, in units of `2^-PRECISION`; they sum to about 1.
    pub(super) weights: Vec<i32>,
}

/// The taps of outputs `start .. start + count`, when `from` samples become `to`.
///
/// `scale = from / to`, `support = max(scale, 1)`, `centre = (x + 0.5) * scale`; taps from
/// `int(centre - support + 0.5)` to `int(centre + support + 0.5)`, clamped to the source; weights
/// `max(0, 1 - |i + 0.5 - centre| / support)`, normalised in f64, then `int(0.5 + w * 2^22)`
/// (`precompute_coeffs` and `normalize_coeffs_8bpc` in Resample.c).
pub(super) fn taps(from: u32, to: u32, start: u32, count: u32) -> Vec<Taps> {
    let scale = f64::from(from) / f64::from(to);
    let support = scale.max(1.0);
    let inverse = 1.0 / support;
    (start..start + count)
        .map(|x| {
            let centre = (f64::from(x) + 0.5) * scale;
            // A cast to an unsigned integer cuts towards zero and clamps at zero.
            let first = (centre - support + 0.5) as u32;
            let end = ((centre + support + 0.5) as u32).min(from);
            let weights: Vec<f64> = (first..end)
                .map(|i| {
                    let distance = (f64::from(i) - centre + 0.5) * inverse;
                    (1.0 - distance.abs()).max(0.0)
                })
                .collect();
            let sum: f64 = weights.iter().sum();
            let unit = f64::from(1u32 << PRECISION);
            Taps {
                first: first as usize,
                weights: weights
                    .iter()
                    .map(|w| (0.5 + w / sum * unit) as i32)
                    .collect(),
            }
        })
        .collect()
}

/// A sum of weighted bytes, half a unit up, back to a byte.
pub(super) fn to_byte(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

/// Whether Pillow (13.0 and later) runs the vertical pass first.
///
/// It does where rows shrink by more than twice as many as columns, so that less is left for the
/// second pass (`ImagingResample` in Resample.c, since pull request 9549). The bytes between the
/// passes are rounded, so the order shows. Earlier versions always run the horizontal pass first.
pub(super) fn vertical_first(width: u32, height: u32, geometry: &Geometry) -> bool {
    let fewer_columns = i64::from(width) - i64::from(geometry.resized_width);
    let fewer_rows = i64::from(height) - i64::from(geometry.resized_height);
    fewer_rows > 0 && fewer_rows > 2 * fewer_columns
}

/// The `side × side` pixels under the crop of the resized photo, interleaved RGB.
pub(super) fn resize_cropped(image: &RgbImage, geometry: &Geometry) -> Vec<u8> {
    let Geometry {
        left, top, side, ..
    } = *geometry;
    resize_window(image, geometry, (left, side), (top, side))
}

/// The pixels of a photo of `width × height` that [`resize_cropped`] reads.
pub(super) fn read_for_crop(width: u32, height: u32, geometry: &Geometry) -> Window {
    let (columns, rows) = crop_taps(width, height, geometry);
    let (columns, rows) = (span(&columns), span(&rows));
    // Sides of a photo, which are u32 themselves.
    Window {
        left: columns.start as u32,
        top: rows.start as u32,
        width: columns.len() as u32,
        height: rows.len() as u32,
    }
}

/// [`resize_cropped`] of a photo of `width × height`, of which only these pixels are at hand: those
/// that [`read_for_crop`] says, as an image of their own.
pub(super) fn resize_cropped_from(
    part: &RgbImage,
    (width, height): (u32, u32),
    geometry: &Geometry,
) -> Vec<u8> {
    let (mut columns, mut rows) = crop_taps(width, height, geometry);
    for taps in [&mut columns, &mut rows] {
        let start = span(taps).start;
        taps.iter_mut().for_each(|taps| taps.first -= start);
    }
    resize_with(
        part,
        &columns,
        &rows,
        vertical_first(width, height, geometry),
    )
}

fn crop_taps(width: u32, height: u32, geometry: &Geometry) -> (Vec<Taps>, Vec<Taps>) {
    let columns = taps(width, geometry.resized_width, geometry.left, geometry.side);
    let rows = taps(height, geometry.resized_height, geometry.top, geometry.side);
    (columns, rows)
}

/// The whole resized photo, interleaved RGB: what the crop is cut from.
pub(super) fn resize_whole(image: &RgbImage, geometry: &Geometry) -> Vec<u8> {
    let Geometry {
        resized_width,
        resized_height,
        ..
    } = *geometry;
    resize_window(image, geometry, (0, resized_width), (0, resized_height))
}

/// A window of the resized photo: `(first, count)` of its columns and of its rows.
fn resize_window(
    image: &RgbImage,
    geometry: &Geometry,
    columns: (u32, u32),
    rows: (u32, u32),
) -> Vec<u8> {
    let columns = taps(image.width(), geometry.resized_width, columns.0, columns.1);
    let rows = taps(image.height(), geometry.resized_height, rows.0, rows.1);
    let vertical_first = vertical_first(image.width(), image.height(), geometry);
    resize_with(image, &columns, &rows, vertical_first)
}

fn resize_with(image: &RgbImage, columns: &[Taps], rows: &[Taps], vertical_first: bool) -> Vec<u8> {
    match vertical_first {
        true => rows_then_columns(image, columns, rows),
        false => columns_then_rows(image, columns, rows),
    }
}

/// The horizontal pass of each row under the crop, then the vertical pass.
fn columns_then_rows(image: &RgbImage, columns: &[Taps], rows: &[Taps]) -> Vec<u8> {
    let source_rows = span(rows);
    let stride = 3 * columns.len();
    let mut narrow = vec![0; source_rows.len() * stride];
    for (row, target) in source_rows.clone().zip(narrow.chunks_exact_mut(stride)) {
        resize_row(image.row(row), columns, target);
    }
    let mut pixels = vec![0; rows.len() * stride];
    let mut sums = vec![0; stride];
    for (taps, target) in rows.iter().zip(pixels.chunks_exact_mut(stride)) {
        let from = taps.first - source_rows.start;
        let rows = narrow[from * stride..].chunks_exact(stride);
        blend_rows(rows, &taps.weights, &mut sums, target);
    }
    pixels
}

/// The vertical pass into one row after the other, and the horizontal pass of that.
fn rows_then_columns(image: &RgbImage, columns: &[Taps], rows: &[Taps]) -> Vec<u8> {
    let source_columns = span(columns);
    let bytes = 3 * source_columns.start..3 * source_columns.end;
    let mut blended = vec![0; 3 * image.width() as usize];
    let mut sums = vec![0; bytes.len()];
    let stride = 3 * columns.len();
    let mut pixels = vec![0; rows.len() * stride];
    for (taps, target) in rows.iter().zip(pixels.chunks_exact_mut(stride)) {
        let rows = (taps.first..).map(|y| &image.row(y)[bytes.clone()]);
        blend_rows(rows, &taps.weights, &mut sums, &mut blended[bytes.clone()]);
        resize_row(&blended, columns, target);
    }
    pixels
}

/// All source samples that these taps read; the first and the last reach the furthest.
pub(super) fn span(taps: &[Taps]) -> std::ops::Range<usize> {
    match (taps.first(), taps.last()) {
        (Some(first), Some(last)) => first.first..last.first + last.weights.len(),
        _ => 0..0,
    }
}

/// One row of RGB pixels, narrowed or widened: the horizontal pass.
pub(super) fn resize_row(source: &[u8], columns: &[Taps], target: &mut [u8]) {
    let (source, _) = source.as_chunks::<3>();
    let (target, _) = target.as_chunks_mut::<3>();
    for (taps, pixel) in columns.iter().zip(target) {
        let mut sums = [HALF; 3];
        for (weight, [r, g, b]) in taps.weights.iter().zip(&source[taps.first..]) {
            sums[0] += weight * i32::from(*r);
            sums[1] += weight * i32::from(*g);
            sums[2] += weight * i32::from(*b);
        }
        *pixel = sums.map(to_byte);
    }
}

/// One output row from as many rows as there are weights, each as long as it: the vertical pass.
/// `sums` is room for as many sums, whatever it holds.
fn blend_rows<'a>(
    rows: impl Iterator<Item = &'a [u8]>,
    weights: &[i32],
    sums: &mut [i32],
    target: &mut [u8],
) {
    sums.fill(HALF);
    for (weight, row) in weights.iter().zip(rows) {
        for (sum, byte) in sums.iter_mut().zip(row) {
            *sum += weight * i32::from(*byte);
        }
    }
    for (byte, sum) in target.iter_mut().zip(sums) {
        *byte = to_byte(*sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Layout, Recipe};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn recipe() -> Recipe {
        Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap()
    }

    proptest! {
        #[test]
        fn weights_sum_to_one_and_taps_stay_inside(from in 1u32..5000, to in 256u32..600) {
            for taps in taps(from, to, 0, to) {
                prop_assert!(!taps.weights.is_empty());
                prop_assert!(taps.first + taps.weights.len() <= from as usize);
                let sum: i64 = taps.weights.iter().map(|w| i64::from(*w)).sum();
                let slack = taps.weights.len() as i64;
                prop_assert!((sum - (1 << PRECISION)).abs() <= slack, "sum {sum}");
            }
        }

        #[test]
        fn one_colour_stays_that_colour(
            width in 1u32..700, height in 1u32..700, colour: [u8; 3]
        ) {
            let pixels = colour.repeat((width * height) as usize);
            let image = RgbImage::new(width, height, pixels).unwrap();
            let crop = super::super::resize_and_crop(&image, &recipe());
            prop_assert_eq!(crop.len(), 3 * 224 * 224);
            prop_assert!(crop.as_chunks::<3>().0.iter().all(|pixel| *pixel == colour));
        }
    }

    #[test]
    fn the_exact_size_is_a_plain_crop() {
        let pixels: Vec<u8> = (0..256u32 * 256 * 3).map(|i| (i * 7 % 251) as u8).collect();
        let image = RgbImage::new(256, 256, pixels).unwrap();
        let crop = super::super::resize_and_crop(&image, &recipe());
        for (y, row) in crop.chunks_exact(3 * 224).enumerate() {
            assert_eq!(row, &image.row(y + 16)[3 * 16..3 * 240]);
        }
    }
}
