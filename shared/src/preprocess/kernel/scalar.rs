//! The reference: plain code, which the compiler may also compile for instructions of its choice.

use super::super::taps::{HALF, Taps, to_byte};
use super::{ROWS, Targets};

#[inline(always)]
pub(super) fn add_rows(sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
    let rows = rows.map(|row| &row[..sums.len()]);
    for (i, sum) in sums.iter_mut().enumerate() {
        for (row, weight) in rows.iter().zip(weights) {
            *sum += weight * i32::from(row[i]);
        }
    }
}

/// The output pixels from `first` on.
pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &[Taps],
    targets: &mut Targets<'_>,
    first: usize,
) {
    for (row, target) in rows.into_iter().zip(targets) {
        for (taps, target) in columns.iter().zip(target.iter_mut()).skip(first) {
            *target = pixel::<CHANNELS>(row, taps);
        }
    }
}

/// One output pixel.
pub(super) fn pixel<const CHANNELS: usize>(row: &[u8], taps: &Taps) -> [u8; 4] {
    let (source, _) = row.as_chunks::<CHANNELS>();
    let mut sums = [HALF; 3];
    for (weight, source) in taps.weights.iter().zip(&source[taps.first..]) {
        for (sum, byte) in sums.iter_mut().zip(source) {
            *sum += weight * i32::from(*byte);
        }
    }
    let [red, green, blue] = sums.map(to_byte);
    [red, green, blue, 0]
}
