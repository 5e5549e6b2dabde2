//! WebAssembly: four columns or rows at a time, pairs of 16-bit numbers multiplied and added up by one
//! instruction, as jidctint-sse2.asm of libjpeg-turbo does it.

use std::arch::wasm32::*;

use super::{FIRST_BIAS, FIRST_CUT, SECOND_BIAS, SECOND_CUT};

/// Samples of a block whose coefficients outside of the first `N` rows and columns are 0.
#[inline(always)]
pub(super) fn two_passes<const N: usize>(
    block: &[i16; 64],
    quantisation: &[u16; 64],
) -> [[u8; 8]; 8] {
    match N {
        ..=4 => four_by_four(block, quantisation),
        _ => whole(block, quantisation),
    }
}

#[inline(always)]
fn four_by_four(block: &[i16; 64], quantisation: &[u16; 64]) -> [[u8; 8]; 8] {
    let row = |y| coefficients(block, quantisation, y);
    let [r0, r1, r2, r3] = [row(0), row(1), row(2), row(3)];
    let sums = transform_4([low(r0, r2), low(r1, r3)], FIRST_BIAS);
    let [r0, r1, r2, r3, r4, r5, r6, r7] = sums.map(|sum| i32x4_shr(sum, FIRST_CUT));
    let rows = |a, b, c, d| {
        let (ab, cd) = (i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d));
        [
            i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(ab, cd),
            i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(ab, cd),
        ]
    };
    let upper = transform_4(rows(r0, r1, r2, r3), SECOND_BIAS);
    let lower = transform_4(rows(r4, r5, r6, r7), SECOND_BIAS);
    samples(upper, lower)
}

#[inline(always)]
fn whole(block: &[i16; 64], quantisation: &[u16; 64]) -> [[u8; 8]; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] =
        std::array::from_fn(|y| coefficients(block, quantisation, y));
    let left = [low(r0, r4), low(r2, r6), low(r1, r3), low(r5, r7)];
    let right = [high(r0, r4), high(r2, r6), high(r1, r3), high(r5, r7)];
    let (left, right) = (
        transform_8(left, FIRST_BIAS),
        transform_8(right, FIRST_BIAS),
    );
    // Each row with its columns in the order of the pairs.
    let [r0, r1, r2, r3, r4, r5, r6, r7] = std::array::from_fn(|y| {
        let row = i16x8_narrow_i32x4(
            i32x4_shr(left[y], FIRST_CUT),
            i32x4_shr(right[y], FIRST_CUT),
        );
        i16x8_shuffle::<0, 4, 2, 6, 1, 3, 5, 7>(row, row)
    });
    let upper = transform_8(transpose([r0, r1, r2, r3]), SECOND_BIAS);
    let lower = transform_8(transpose([r4, r5, r6, r7]), SECOND_BIAS);
    samples(upper, lower)
}

/// A row of coefficients. Products wrap at 16 bits.
#[inline(always)]
fn coefficients(block: &[i16; 64], quantisation: &[u16; 64], y: usize) -> v128 {
    let [a, b, c, d, e, f, g, h] = block.as_chunks::<8>().0[y];
    let block = i16x8(a, b, c, d, e, f, g, h);
    let [a, b, c, d, e, f, g, h] = quantisation.as_chunks::<8>().0[y];
    i16x8_mul(block, u16x8(a, b, c, d, e, f, g, h))
}

/// The first four 16-bit numbers of both, in turn.
#[inline(always)]
fn low(a: v128, b: v128) -> v128 {
    i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b)
}

/// The last four 16-bit numbers of both, in turn.
#[inline(always)]
fn high(a: v128, b: v128) -> v128 {
    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b)
}

/// `a` times the first plus `b` times the second of each pair.
#[inline(always)]
fn dot(pairs: v128, a: i16, b: i16) -> v128 {
    i32x4_dot_i16x8(pairs, i16x8(a, b, a, b, a, b, a, b))
}

/// Pairs of inputs 0 and 4, 2 and 6, 1 and 3, 5 and 7 to eight sums, `2^13` times too large, `bias`
/// added.
#[inline(always)]
fn transform_8([p04, p26, p13, p57]: [v128; 4], bias: i32) -> [v128; 8] {
    let bias = i32x4_splat(bias);
    let tmp0 = i32x4_add(dot(p04, 8192, 8192), bias);
    let tmp1 = i32x4_add(dot(p04, 8192, -8192), bias);
    let tmp2 = dot(p26, 4433, -10704);
    let tmp3 = dot(p26, 10703, 4433);
    let even = [
        i32x4_add(tmp0, tmp3),
        i32x4_add(tmp1, tmp2),
        i32x4_sub(tmp1, tmp2),
        i32x4_sub(tmp0, tmp3),
    ];
    let odd = [
        i32x4_add(dot(p13, 11363, 9633), dot(p57, 6437, 2260)),
        i32x4_add(dot(p13, 9633, -2259), dot(p57, -11362, -6436)),
        i32x4_add(dot(p13, 6437, -11362), dot(p57, 2261, 9633)),
        i32x4_add(dot(p13, 2260, -6436), dot(p57, 9633, -11363)),
    ];
    butterfly(even, odd)
}

/// The same where inputs 4 to 7 are 0: pairs of inputs 0 and 2, 1 and 3.
#[inline(always)]
fn transform_4([p02, p13]: [v128; 2], bias: i32) -> [v128; 8] {
    let bias = i32x4_splat(bias);
    let even = [
        i32x4_add(dot(p02, 8192, 10703), bias),
        i32x4_add(dot(p02, 8192, 4433), bias),
        i32x4_add(dot(p02, 8192, -4433), bias),
        i32x4_add(dot(p02, 8192, -10703), bias),
    ];
    let odd = [
        dot(p13, 11363, 9633),
        dot(p13, 9633, -2259),
        dot(p13, 6437, -11362),
        dot(p13, 2260, -6436),
    ];
    butterfly(even, odd)
}

#[inline(always)]
fn butterfly(even: [v128; 4], odd: [v128; 4]) -> [v128; 8] {
    [
        i32x4_add(even[0], odd[0]),
        i32x4_add(even[1], odd[1]),
        i32x4_add(even[2], odd[2]),
        i32x4_add(even[3], odd[3]),
        i32x4_sub(even[3], odd[3]),
        i32x4_sub(even[2], odd[2]),
        i32x4_sub(even[1], odd[1]),
        i32x4_sub(even[0], odd[0]),
    ]
}

/// Four rows of four pairs to as many columns.
#[inline(always)]
fn transpose([r0, r1, r2, r3]: [v128; 4]) -> [v128; 4] {
    let upper = |a, b| i32x4_shuffle::<0, 4, 1, 5>(a, b);
    let lower = |a, b| i32x4_shuffle::<2, 6, 3, 7>(a, b);
    let [a, b, c, d] = [upper(r0, r1), lower(r0, r1), upper(r2, r3), lower(r2, r3)];
    let first = |a, b| i64x2_shuffle::<0, 2>(a, b);
    let second = |a, b| i64x2_shuffle::<1, 3>(a, b);
    [first(a, c), second(a, c), first(b, d), second(b, d)]
}

/// Samples, of the sums of each column's upper and lower four rows.
#[inline(always)]
fn samples(upper: [v128; 8], lower: [v128; 8]) -> [[u8; 8]; 8] {
    let column = |x: usize| {
        let cut = |sums| i32x4_shr(sums, SECOND_CUT);
        i16x8_narrow_i32x4(cut(upper[x]), cut(lower[x]))
    };
    let two = |x: usize| u8x16_narrow_i16x8(column(x), column(x + 4));
    let [c04, c15, c26, c37] = [two(0), two(1), two(2), two(3)];
    let (c02, c46) = (low_bytes(c04, c26), high_bytes(c04, c26));
    let (c13, c57) = (low_bytes(c15, c37), high_bytes(c15, c37));
    let (left, right) = (
        [low_bytes(c02, c13), high_bytes(c02, c13)],
        [low_bytes(c46, c57), high_bytes(c46, c57)],
    );
    let rows = [
        i32x4_shuffle::<0, 4, 1, 5>(left[0], right[0]),
        i32x4_shuffle::<2, 6, 3, 7>(left[0], right[0]),
        i32x4_shuffle::<0, 4, 1, 5>(left[1], right[1]),
        i32x4_shuffle::<2, 6, 3, 7>(left[1], right[1]),
    ];
    std::array::from_fn(|y| {
        let two = rows[y / 2];
        let row = match y % 2 {
            0 => u64x2_extract_lane::<0>(two),
            _ => u64x2_extract_lane::<1>(two),
        };
        row.to_le_bytes()
    })
}

/// The first eight bytes of both, in turn.
#[inline(always)]
fn low_bytes(a: v128, b: v128) -> v128 {
    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b)
}

/// The last eight bytes of both, in turn.
#[inline(always)]
fn high_bytes(a: v128, b: v128) -> v128 {
    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b)
}
