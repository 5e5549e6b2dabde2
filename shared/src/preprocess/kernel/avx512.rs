//! AVX-512: eight pixels at a time, as bytes, by the instruction that was made for neural networks.

use std::arch::x86_64::*;

use super::super::taps::{HALF, PRECISION, Taps};
use super::avx2::put;
use super::packed::{Blocks, Packed};
use super::{ROWS, Targets, scalar};

/// Blocks of eight pixels, of which 32 bytes are loaded; weights as three times eight signed bytes.
pub(super) fn pack(taps: &[Taps], width: usize, channels: usize) -> Packed {
    let blocks = Blocks {
        pixels: 8,
        load: 32,
    };
    Packed::new(taps, width, channels, &blocks, |weights| {
        let word = |shift: u32| {
            let part = |weight: &i32| {
                // Rounded to the nearest, since the parts below are signed.
                let half = 0x8080 >> (16 - shift);
                u64::from(((weight + half) >> shift) as u8)
            };
            weights
                .iter()
                .rev()
                .fold(0, |word, weight| word << 8 | part(weight))
        };
        [word(16), word(8), word(0)]
    })
}

#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn add_rows(sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
    scalar::add_rows(sums, rows, weights);
}

#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vbmi,avx512vnni")]
pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Packed,
    targets: &mut Targets<'_>,
) {
    // Of each row eight red bytes, eight green, eight blue, and eight that are not used.
    let order: [u8; 64] = std::array::from_fn(|i| match i % 32 / 8 {
        channel @ 0..3 => (i / 32 * 32 + i % 8 * CHANNELS + channel) as u8,
        _ => 0,
    });
    // SAFETY: 64 bytes are loaded from an array of 64.
    let order = unsafe { _mm512_loadu_si512(order.as_ptr().cast()) };
    for (x, (start, words)) in columns.pixels::<3>(rows).enumerate() {
        // Of two rows each.
        let mut sums = [[_mm512_setzero_si512(); 3]; ROWS / 2];
        for (block, weights) in words.iter().enumerate() {
            let weights = weights.map(|weights| _mm512_set1_epi64(weights.cast_signed()));
            for (rows, sums) in rows.as_chunks::<2>().0.iter().zip(&mut sums) {
                let [upper, lower] = rows.map(|row| {
                    let at = start + 8 * CHANNELS * block;
                    // SAFETY: `pixels` has checked that the row has these 32 bytes.
                    unsafe { _mm256_loadu_si256(row.as_ptr().add(at).cast()) }
                });
                let bytes = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(upper), lower);
                let samples = _mm512_permutexvar_epi8(order, bytes);
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = _mm512_dpbusd_epi32(*sum, samples, weights);
                }
            }
        }
        let half = _mm256_set1_epi32(HALF);
        let values = sums.map(|[a, b, c]| {
            let upper = _mm512_add_epi32(_mm512_slli_epi32::<8>(a), b);
            let sums = _mm512_add_epi32(_mm512_slli_epi32::<8>(upper), c);
            let (upper, lower) = (
                _mm512_castsi512_si256(sums),
                _mm512_extracti64x4_epi64::<1>(sums),
            );
            let sums = _mm256_add_epi32(_mm256_hadd_epi32(upper, lower), half);
            _mm256_srai_epi32::<{ PRECISION as i32 }>(sums)
        });
        put(values, targets, x);
    }
}
