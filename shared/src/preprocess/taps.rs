//! The weights of Pillow's BILINEAR filter, and the order of its two passes.
//!
//! After Pillow's `Resample.c`: a triangle filter whose support grows with the scale, weights as
//! fixed-point numbers of `PRECISION` bits, two passes with bytes between them, the horizontal
//! one first except for tall photos (`vertical_first`).

use super::crop::Geometry;

/// Bits behind the point of a weight: `32 - 8 - 2`, so that a sum of products fits in an `i32`.
pub(super) const PRECISION: u32 = 32 - 8 - 2;
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

/// All source samples that these taps read; the first and the last reach the furthest.
pub(super) fn span(taps: &[Taps]) -> std::ops::Range<usize> {
    match (taps.first(), taps.last()) {
        (Some(first), Some(last)) => first.first..last.first + last.weights.len(),
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    }
}
