//! AVX2: four pixels at a time, as 16-bit numbers.

use std::arch::x86_64::*;

use super::super::taps::{PRECISION, Taps};
use super::rounded::{Bounds, Rounded};
use super::{ROWS, Targets, scalar};

#[target_feature(enable = "avx2")]
pub(super) fn add_rows(sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
    scalar::add_rows(sums, rows, weights);
}

#[target_feature(enable = "avx2")]
pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Rounded,
    taps: &[Taps],
    targets: &mut Targets<'_>,
) {
    // Bytes of pixels to 16-bit numbers: four red ones, four green; four blue, four that are not used.
    let c = CHANNELS as i8;
    #[rustfmt::skip]
    let order = _mm256_setr_epi8(
        0, -1, c, -1, 2 * c, -1, 3 * c, -1, 1, -1, c + 1, -1, 2 * c + 1, -1, 3 * c + 1, -1,
        2, -1, c + 2, -1, 2 * c + 2, -1, 3 * c + 2, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    );
    let shift = _mm_cvtsi32_si128(columns.shift.cast_signed());
    for (x, (start, words)) in columns.packed.pixels::<1>(rows).enumerate() {
        let mut sums = [_mm256_setzero_si256(); ROWS];
        for (block, [weights]) in words.iter().enumerate() {
            let weights = _mm256_set1_epi64x(weights.cast_signed());
            for (row, sum) in rows.iter().zip(&mut sums) {
                let at = start + 4 * CHANNELS * block;
                // SAFETY: `pixels` has checked that the row has these 16 bytes.
                let bytes = unsafe { _mm_loadu_si128(row.as_ptr().add(at).cast()) };
                let samples = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), order);
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(samples, weights));
            }
        }
        let Bounds { least, spread } = columns.bounds[x];
        let (least, spread) = (_mm256_set1_epi32(least), _mm256_set1_epi32(spread));
        // Red and green of two rows, then their blue and what is not used.
        let [a, b, c, d] = sums;
        let least = [(a, b), (c, d)].map(|(a, b)| {
            let sums = _mm256_sll_epi32(_mm256_hadd_epi32(a, b), shift);
            _mm256_add_epi32(sums, least)
        });
        let most = least.map(|sums| values(_mm256_add_epi32(sums, spread)));
        let least = least.map(|sums| values(sums));
        put(least, targets, x);
        let same = [0, 1].map(|half| _mm256_cmpeq_epi32(least[half], most[half]));
        let same = _mm256_packs_epi32(same[0], same[1]);
        if _mm256_movemask_epi8(same) != -1 {
            // Rows are pairs of 16-bit numbers in both halves.
            let both = _mm_and_si128(
                _mm256_castsi256_si128(same),
                _mm256_extracti128_si256::<1>(same),
            );
            let same = _mm_movemask_epi8(both);
            for y in 0..ROWS {
                if same >> (4 * y) & 15 != 15 {
                    targets[y][x] = scalar::pixel::<CHANNELS>(rows[y], &taps[x]);
                }
            }
        }
    }
}

#[target_feature(enable = "avx2")]
fn values(sums: __m256i) -> __m256i {
    _mm256_srai_epi32::<{ PRECISION as i32 }>(sums)
}

/// Values of red and green of two rows, then of their blue and what is not used, of all rows, as their
/// pixels `x`.
#[target_feature(enable = "avx2")]
pub(super) fn put(values: [__m256i; ROWS / 2], targets: &mut Targets<'_>, x: usize) {
    let values = _mm256_packus_epi32(values[0], values[1]);
    let bytes = _mm256_packus_epi16(values, values);
    let (red_green, blue) = (
        _mm256_castsi256_si128(bytes),
        _mm256_extracti128_si256::<1>(bytes),
    );
    let mut pixels = [[0; 4]; ROWS];
    let bytes = _mm_unpacklo_epi16(red_green, blue);
    // SAFETY: 16 bytes are stored into an array of 16.
    unsafe { _mm_storeu_si128(pixels.as_mut_ptr().cast(), bytes) };
    for (target, pixel) in targets.iter_mut().zip(pixels) {
        target[x] = pixel;
    }
}
