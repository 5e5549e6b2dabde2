//! The inverse cosine transform, exact to the bit as libjpeg's "islow" (jidctint.c): Loeffler,
//! Ligtenberg and Moschytz 1989, in whole numbers of 13 bits behind the point, two passes with two
//! bits more between them.

use std::num::Wrapping;

type Number = Wrapping<i32>;

const CONST_BITS: usize = 13;
const PASS1_BITS: usize = 2;

/// Eight samples' worth of coefficients to eight sums, `2^13` times too large.
#[inline(always)]
fn transform(input: [Number; 8]) -> [Number; 8] {
    let fix = Wrapping::<i32>;
    // The even part.
    let z1 = (input[2] + input[6]) * fix(4433); // 0.541196100
    let tmp2 = z1 - input[6] * fix(15137); // 1.847759065
    let tmp3 = z1 + input[2] * fix(6270); // 0.765366865
    let tmp0 = (input[0] + input[4]) << CONST_BITS;
    let tmp1 = (input[0] - input[4]) << CONST_BITS;
    let even = [tmp0 + tmp3, tmp1 + tmp2, tmp1 - tmp2, tmp0 - tmp3];
    // The odd part.
    let [tmp0, tmp1, tmp2, tmp3] = [input[7], input[5], input[3], input[1]];
    let z5 = (tmp0 + tmp2 + tmp1 + tmp3) * fix(9633); // 1.175875602
    let z1 = (tmp0 + tmp3) * fix(-7373); // 0.899976223
    let z2 = (tmp1 + tmp2) * fix(-20995); // 2.562915447
    let z3 = (tmp0 + tmp2) * fix(-16069) + z5; // 1.961570560
    let z4 = (tmp1 + tmp3) * fix(-3196) + z5; // 0.390180644
    let odd = [
        tmp3 * fix(12299) + z1 + z4, // 1.501321110
        tmp2 * fix(25172) + z2 + z3, // 3.072711026
        tmp1 * fix(16819) + z2 + z4, // 2.053119869
        tmp0 * fix(2446) + z1 + z3,  // 0.298631336
    ];
    [
        even[0] + odd[0],
        even[1] + odd[1],
        even[2] + odd[2],
        even[3] + odd[3],
        even[3] - odd[3],
        even[2] - odd[2],
        even[1] - odd[1],
        even[0] - odd[0],
    ]
}

/// Cuts bits off, rounding.
#[inline(always)]
fn descale(number: Number, bits: usize) -> Number {
    (number + Wrapping(1 << (bits - 1))) >> bits
}

/// A sample, of a number around 0.
#[inline(always)]
fn sample(number: Number) -> u8 {
    (number.0 + 128).clamp(0, 255) as u8
}

/// A block of coefficients, natural order, to samples: eight rows, `stride` bytes apart. `last` is
/// the zigzag index behind which all coefficients are 0.
#[inline(always)]
pub(super) fn idct(
    block: &[i16; 64],
    quantisation: &[u16; 64],
    last: usize,
    samples: &mut [u8],
    stride: usize,
) {
    // Products wrap at 16 bits, as in libjpeg-turbo's vector code.
    let coefficient =
        |at: usize| Wrapping(i32::from((block[at]).wrapping_mul(quantisation[at] as i16)));
    if last == 0 {
        // Both passes of a lone DC coefficient come down to this.
        let flat = sample(descale(coefficient(0) << PASS1_BITS, PASS1_BITS + 3));
        for row in samples.chunks_mut(stride).take(8) {
            row[..8].fill(flat);
        }
        return;
    }
    // The last row with a coefficient, by diagonals of the zigzag: index k lies on diagonal d where
    // d (d + 1) / 2 <= k, and no row of it is below d.
    let rows = match last {
        0..3 => 2,
        3..10 => 4,
        _ => 8,
    };
    let mut between = [[Wrapping(0); 8]; 8];
    for x in 0..8 {
        let mut input = [Wrapping(0); 8];
        let mut rest = Wrapping(0);
        for (y, number) in input.iter_mut().enumerate().take(rows) {
            *number = coefficient(8 * y + x);
            rest |= if y > 0 { *number } else { Wrapping(0) };
        }
        if rest.0 == 0 {
            let flat = input[0] << PASS1_BITS;
            between.iter_mut().for_each(|row| row[x] = flat);
            continue;
        }
        let column = transform(input);
        for (row, number) in between.iter_mut().zip(column) {
            row[x] = descale(number, CONST_BITS - PASS1_BITS);
        }
    }
    for (row, samples) in between.iter().zip(samples.chunks_mut(stride)) {
        let line = transform(*row);
        let line = line.map(|number| sample(descale(number, CONST_BITS + PASS1_BITS + 3)));
        samples[..8].copy_from_slice(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_dc_coefficient_is_the_same_the_long_way() {
        for dc in [-2048i16, -1025, -1000, -3, 0, 5, 77, 1023, 2047] {
            let mut block = [0; 64];
            block[0] = dc;
            let (mut short, mut long) = ([0; 64], [0; 64]);
            idct(&block, &[1; 64], 0, &mut short, 8);
            idct(&block, &[1; 64], 63, &mut long, 8);
            assert_eq!(short, long, "{dc}");
        }
    }

    #[test]
    fn fewer_rows_are_the_same_as_all() {
        for last in 0..64 {
            let mut block = [0i16; 64];
            for k in 0..=last {
                let at = usize::from(super::super::huffman::ZIGZAG[k]);
                block[at] = ((k * 37) % 61) as i16 - 30;
            }
            let (mut short, mut long) = ([0; 64], [0; 64]);
            idct(&block, &[3; 64], last, &mut short, 8);
            idct(&block, &[3; 64], 63, &mut long, 8);
            assert_eq!(short, long, "{last}");
        }
    }
}
