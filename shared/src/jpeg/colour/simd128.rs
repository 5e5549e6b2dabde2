//! WebAssembly: eight pixels at a time.

use std::arch::wasm32::*;

/// As many pixels as go by eights; gives how many that were.
pub(super) fn convert([y, cb, cr]: [&[u8]; 3], pixels: &mut [[u8; 4]]) -> usize {
    let (pixels, _) = pixels.as_chunks_mut::<8>();
    let [y, cb, cr] = [y, cb, cr].map(|samples| samples.as_chunks::<8>().0);
    let count = pixels.len();
    for (((pixels, y), cb), cr) in pixels.iter_mut().zip(y).zip(cb).zip(cr) {
        let [low, high] = eight(wide(*y), around_0(*cb), around_0(*cr));
        let halves = [
            u64x2_extract_lane::<0>(low),
            u64x2_extract_lane::<1>(low),
            u64x2_extract_lane::<0>(high),
            u64x2_extract_lane::<1>(high),
        ];
        for (two, half) in pixels.as_chunks_mut::<2>().0.iter_mut().zip(halves) {
            two.as_flattened_mut().copy_from_slice(&half.to_le_bytes());
        }
    }
    8 * count
}

/// Of eight samples, those of chroma around 0, four pixels and four more.
#[inline(always)]
fn eight(y: v128, cb: v128, cr: v128) -> [v128; 2] {
    // The factors of 16 bits behind the point are 26345 and -14942. Half of an odd one, rounded, makes
    // no difference to any of the 256 products, which are rounded too.
    let red = i16x8_add(y, i16x8_add(cr, i16x8_q15mulr_sat(cr, i16x8_splat(13173))));
    let twice = i16x8_add(cb, cb);
    let blue = i16x8_add(
        y,
        i16x8_add(twice, i16x8_q15mulr_sat(cb, i16x8_splat(-7471))),
    );
    let factors = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
    let product = |pairs| {
        let rounded = i32x4_add(i32x4_dot_i16x8(pairs, factors), i32x4_splat(1 << 15));
        i32x4_shr(rounded, 16)
    };
    let products = i16x8_narrow_i32x4(
        product(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(cb, cr)),
        product(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(cb, cr)),
    );
    let green = i16x8_add(i16x8_sub(y, cr), products);
    // Red and blue, green and nothing; then red and green, blue and nothing, by turns.
    let (rb, g) = (
        u8x16_narrow_i16x8(red, blue),
        u8x16_narrow_i16x8(green, i16x8_splat(0)),
    );
    let rg = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(rb, g);
    let bx = i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(rb, g);
    [
        i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(rg, bx),
        i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(rg, bx),
    ]
}

/// Eight samples as 16-bit numbers.
#[inline(always)]
fn wide(samples: [u8; 8]) -> v128 {
    u16x8_extend_low_u8x16(u64x2_splat(u64::from_le_bytes(samples)))
}

#[inline(always)]
fn around_0(samples: [u8; 8]) -> v128 {
    i16x8_sub(wide(samples), i16x8_splat(128))
}
