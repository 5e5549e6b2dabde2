//! WebAssembly: four pixels at a time, as 16-bit numbers.

use std::arch::wasm32::*;

use super::super::taps::{PRECISION, Taps};
use super::rounded::{Bounds, Rounded};
use super::{ROWS, Targets, scalar};

/// Weights are split, `k = (high << 8) + low`, so that two rows are multiplied and added up at once.
pub(super) fn add_rows(sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
    let pair = |a: i32, b: i32| i32x4_splat(b << 16 | a);
    let [a, b, c, d] = weights;
    let high = [pair(a >> 8, b >> 8), pair(c >> 8, d >> 8)];
    let low = [pair(a & 0xff, b & 0xff), pair(c & 0xff, d & 0xff)];
    let count = sums.len() / 8 * 8;
    let (most, last) = sums.split_at_mut(count);
    let [a, b, c, d] = rows.map(|row| row[..count].as_chunks::<8>().0);
    for ((((sums, a), b), c), d) in most
        .as_chunks_mut::<8>()
        .0
        .iter_mut()
        .zip(a)
        .zip(b)
        .zip(c)
        .zip(d)
    {
        let [a, b, c, d] = [a, b, c, d].map(|bytes| u64x2_splat(u64::from_le_bytes(*bytes)));
        let (upper, lower) = (interleaved(a, b), interleaved(c, d));
        let first = weighted(
            u16x8_extend_low_u8x16(upper),
            u16x8_extend_low_u8x16(lower),
            high,
            low,
        );
        let second = weighted(
            u16x8_extend_high_u8x16(upper),
            u16x8_extend_high_u8x16(lower),
            high,
            low,
        );
        for (sums, more) in sums.as_chunks_mut::<4>().0.iter_mut().zip([first, second]) {
            // SAFETY: four numbers are loaded and stored where four are.
            unsafe {
                let at = sums.as_mut_ptr().cast();
                v128_store(at, i32x4_add(v128_load(at), more));
            }
        }
    }
    scalar::add_rows(last, rows.map(|row| &row[count..]), weights);
}

/// The first eight bytes of two rows, in turn.
#[inline(always)]
fn interleaved(a: v128, b: v128) -> v128 {
    u8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b)
}

/// Sums of the samples of two rows and two more.
#[inline(always)]
fn weighted(upper: v128, lower: v128, high: [v128; 2], low: [v128; 2]) -> v128 {
    let sum = |[a, b]: [v128; 2]| i32x4_add(i32x4_dot_i16x8(upper, a), i32x4_dot_i16x8(lower, b));
    i32x4_add(i32x4_shl(sum(high), 8), sum(low))
}

pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Rounded,
    taps: &[Taps],
    targets: &mut Targets<'_>,
) {
    for (x, (start, words)) in columns.packed.pixels::<1>(rows).enumerate() {
        let Bounds { least, spread } = columns.bounds[x];
        let (least, spread) = (i32x4_splat(least), i32x4_splat(spread));
        // One after the other by name: a loop over them would keep the sums in memory.
        let [mut a, mut b, mut c, mut d] = [[i32x4_splat(0); 2]; ROWS];
        for (block, [weights]) in words.iter().enumerate() {
            let at = start + 4 * CHANNELS * block;
            let weights = u64x2_splat(*weights);
            // SAFETY: `pixels` has checked that each row has these 16 bytes.
            let [bytes_a, bytes_b, bytes_c, bytes_d] =
                rows.map(|row| unsafe { v128_load(row.as_ptr().add(at).cast()) });
            a = add::<CHANNELS>(a, bytes_a, weights);
            b = add::<CHANNELS>(b, bytes_b, weights);
            c = add::<CHANNELS>(c, bytes_c, weights);
            d = add::<CHANNELS>(d, bytes_d, weights);
        }
        for (y, [red_green, blue]) in [a, b, c, d].into_iter().enumerate() {
            let even = i32x4_shuffle::<0, 2, 4, 6>(red_green, blue);
            let odd = i32x4_shuffle::<1, 3, 5, 7>(red_green, blue);
            let sums = i32x4_shl(i32x4_add(even, odd), columns.shift);
            let sums = i32x4_add(sums, least);
            let values = i32x4_shr(sums, PRECISION);
            let most = i32x4_shr(i32x4_add(sums, spread), PRECISION);
            targets[y][x] = match i32x4_all_true(i32x4_eq(values, most)) {
                true => {
                    let halves = i16x8_narrow_i32x4(values, values);
                    u32x4_extract_lane::<0>(u8x16_narrow_i16x8(halves, halves)).to_le_bytes()
                }
                false => scalar::pixel::<CHANNELS>(rows[y], &taps[x]),
            };
        }
    }
}

/// Adds four weighted pixels to two sums of red and two of green, and two of blue, twice.
#[inline(always)]
fn add<const CHANNELS: usize>(
    [red_green, blue]: [v128; 2],
    bytes: v128,
    weights: v128,
) -> [v128; 2] {
    let bytes = in_order::<CHANNELS>(bytes);
    let (low, high) = (
        u16x8_extend_low_u8x16(bytes),
        u16x8_extend_high_u8x16(bytes),
    );
    [
        i32x4_add(red_green, i32x4_dot_i16x8(low, weights)),
        i32x4_add(blue, i32x4_dot_i16x8(high, weights)),
    ]
}

/// Bytes of four pixels: four red ones, four green, four blue, and these again.
#[inline(always)]
fn in_order<const CHANNELS: usize>(bytes: v128) -> v128 {
    match CHANNELS {
        4 => u8x16_shuffle::<0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 2, 6, 10, 14>(bytes, bytes),
        _ => u8x16_shuffle::<0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 2, 5, 8, 11>(bytes, bytes),
    }
}
