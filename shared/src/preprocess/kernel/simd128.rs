//! WebAssembly: four pixels at a time, as 16-bit numbers.

use std::arch::wasm32::*;

use super::super::taps::{HALF, to_byte};
use super::packed::Packed;
use super::{ROWS, Targets};

pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Packed,
    targets: &mut Targets<'_>,
) {
    for (x, (start, words)) in columns.pixels::<2>(rows).enumerate() {
        for (row, target) in rows.iter().zip(targets.iter_mut()) {
            // Two sums of red and two of green; two of blue, and two that are not used.
            let mut high = [i32x4_splat(0); 2];
            let mut low = [i32x4_splat(0); 2];
            for (block, [high_weights, low_weights]) in words.iter().enumerate() {
                let at = start + 4 * CHANNELS * block;
                // SAFETY: `pixels` has checked that the row has these 16 bytes.
                let bytes = unsafe { v128_load(row.as_ptr().add(at).cast()) };
                let bytes = match CHANNELS {
                    4 => u8x16_shuffle::<0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15>(
                        bytes, bytes,
                    ),
                    _ => u8x16_shuffle::<0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 0, 0, 0, 0>(
                        bytes, bytes,
                    ),
                };
                let samples = [
                    u16x8_extend_low_u8x16(bytes),
                    u16x8_extend_high_u8x16(bytes),
                ];
                let high_weights = u64x2_splat(*high_weights);
                let low_weights = u64x2_splat(*low_weights);
                for half in 0..2 {
                    high[half] =
                        i32x4_add(high[half], i32x4_dot_i16x8(samples[half], high_weights));
                    low[half] = i32x4_add(low[half], i32x4_dot_i16x8(samples[half], low_weights));
                }
            }
            let [red_green, blue] =
                std::array::from_fn(|half| i32x4_add(i32x4_shl(high[half], 8), low[half]));
            let red = i32x4_extract_lane::<0>(red_green) + i32x4_extract_lane::<1>(red_green);
            let green = i32x4_extract_lane::<2>(red_green) + i32x4_extract_lane::<3>(red_green);
            let blue = i32x4_extract_lane::<0>(blue) + i32x4_extract_lane::<1>(blue);
            let [red, green, blue] = [red, green, blue].map(|sum| to_byte(sum + HALF));
            target[x] = [red, green, blue, 0];
        }
    }
}
