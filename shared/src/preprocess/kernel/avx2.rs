//! AVX2: four pixels at a time, as 16-bit numbers.

use std::arch::x86_64::*;

use super::super::taps::{HALF, PRECISION};
use super::packed::Packed;
use super::{ROWS, Targets, scalar};

#[target_feature(enable = "avx2")]
pub(super) fn add_rows(sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
    scalar::add_rows(sums, rows, weights);
}

#[target_feature(enable = "avx2")]
pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Packed,
    targets: &mut Targets<'_>,
) {
    // Bytes of pixels to 16-bit numbers: four red ones, four green; four blue, four that are not used.
    let c = CHANNELS as i8;
    #[rustfmt::skip]
    let order = _mm256_setr_epi8(
        0, -1, c, -1, 2 * c, -1, 3 * c, -1, 1, -1, c + 1, -1, 2 * c + 1, -1, 3 * c + 1, -1,
        2, -1, c + 2, -1, 2 * c + 2, -1, 3 * c + 2, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    );
    for (x, (start, words)) in columns.pixels::<2>(rows).enumerate() {
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for (block, [high_weights, low_weights]) in words.iter().enumerate() {
            let high_weights = _mm256_set1_epi64x(high_weights.cast_signed());
            let low_weights = _mm256_set1_epi64x(low_weights.cast_signed());
            for (row, [high, low]) in rows.iter().zip(&mut sums) {
                let at = start + 4 * CHANNELS * block;
                // SAFETY: `pixels` has checked that the row has these 16 bytes.
                let bytes = unsafe { _mm_loadu_si128(row.as_ptr().add(at).cast()) };
                let samples = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), order);
                *high = _mm256_add_epi32(*high, _mm256_madd_epi16(samples, high_weights));
                *low = _mm256_add_epi32(*low, _mm256_madd_epi16(samples, low_weights));
            }
        }
        let sums = sums.map(|[high, low]| _mm256_add_epi32(_mm256_slli_epi32::<8>(high), low));
        put(sums, targets, x);
    }
}

/// Two sums each of red, green, blue and what is not used, of each row, as its pixel `x`.
#[target_feature(enable = "avx2")]
pub(super) fn put(sums: [__m256i; ROWS], targets: &mut Targets<'_>, x: usize) {
    let half = _mm256_set1_epi32(HALF);
    let values = |a, b| {
        let sums = _mm256_add_epi32(_mm256_hadd_epi32(a, b), half);
        _mm256_srai_epi32::<{ PRECISION as i32 }>(sums)
    };
    let [a, b, c, d] = sums;
    let values = _mm256_packus_epi32(values(a, b), values(c, d));
    let bytes = _mm256_packus_epi16(values, values);
    // Red and green of each row below, blue and what is not used above.
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
