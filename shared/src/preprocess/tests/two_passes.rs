//! The resize as Pillow does it, of a whole photo in two passes: what the rows are held against.

use super::super::RgbImage;
use super::super::crop::Geometry;
use super::super::taps::{HALF, Taps, span, taps, to_byte, vertical_first};

/// A window of the resized photo, `(first, count)` of its columns and of its rows.
pub(in super::super) fn resize(
    image: &RgbImage,
    geometry: &Geometry,
    columns: (u32, u32),
    rows: (u32, u32),
) -> Vec<u8> {
    let columns = taps(image.width(), geometry.resized_width, columns.0, columns.1);
    let rows = taps(image.height(), geometry.resized_height, rows.0, rows.1);
    match vertical_first(image.width(), image.height(), geometry) {
        true => rows_then_columns(image, &columns, &rows),
        false => columns_then_rows(image, &columns, &rows),
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

/// One row of RGB pixels, narrowed or widened: the horizontal pass.
fn resize_row(source: &[u8], columns: &[Taps], target: &mut [u8]) {
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
