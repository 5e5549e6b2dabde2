//! The inverse cosine transform, exact to the bit as libjpeg's "islow" (jidctint.c): Loeffler,
//! Ligtenberg and Moschytz 1989, in whole numbers of 13 bits behind the point, two passes with two
//! bits more between them.
//!
//! What jidctint.c multiplies in steps is linear, so here each input has the sum of its factors, all
//! of which fit into 16 bits, as the inputs do: processors multiply two pairs of such numbers and add
//! the products up by one instruction. No sum leaves 32 bits: the factors of an output add up to 61213
//! at most, without their signs, and an input is 32768 at most.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod plain;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use plain::two_passes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd128::two_passes;

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

/// Bits that are cut off after each pass.
const FIRST_CUT: u32 = CONST_BITS - PASS1_BITS;
const SECOND_CUT: u32 = CONST_BITS + PASS1_BITS + 3;
/// Added before that: half of what is cut off, to round.
const FIRST_BIAS: i32 = 1 << (FIRST_CUT - 1);
/// The same, and what moves samples from around 0 to around 128.
const SECOND_BIAS: i32 = (1 << (SECOND_CUT - 1)) + (128 << SECOND_CUT);

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
    // By diagonals of the zigzag: the fourth one ends with index 9, in the fourth row or column.
    let rows = match last {
        0 => flat(block, quantisation),
        1..10 => two_passes::<4>(block, quantisation),
        _ => two_passes::<8>(block, quantisation),
    };
    for (y, row) in rows.iter().enumerate() {
        samples[y * stride..][..8].copy_from_slice(row);
    }
}

/// Both passes of a lone DC coefficient come down to this.
#[inline(always)]
fn flat(block: &[i16; 64], quantisation: &[u16; 64]) -> [[u8; 8]; 8] {
    let dc = i32::from(coefficient(block, quantisation, 0));
    [[sample(((dc << PASS1_BITS) + (1 << 4) + (128 << 5)) >> 5); 8]; 8]
}

/// Products wrap at 16 bits, as in libjpeg-turbo's vector code.
#[inline(always)]
fn coefficient(block: &[i16; 64], quantisation: &[u16; 64], at: usize) -> i16 {
    block[at].wrapping_mul(quantisation[at] as i16)
}

#[inline(always)]
fn sample(number: i32) -> u8 {
    number.clamp(0, 255) as u8
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
                let at = super::super::huffman::natural(k);
                block[at] = ((k * 37) % 61) as i16 - 30;
            }
            let (mut short, mut long) = ([0; 64], [0; 64]);
            idct(&block, &[3; 64], last, &mut short, 8);
            idct(&block, &[3; 64], 63, &mut long, 8);
            assert_eq!(short, long, "{last}");
        }
    }
}
