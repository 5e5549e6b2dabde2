//! NEON: four pixels at a time, as 16-bit numbers.

use std::arch::aarch64::*;

use super::super::taps::{HALF, to_byte};
use super::packed::Packed;
use super::{ROWS, Targets};

pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Packed,
    targets: &mut Targets<'_>,
) {
    // Four red bytes, four green, four blue, and four that are not used.
    let order: [u8; 16] = std::array::from_fn(|i| match i / 4 {
        channel @ 0..3 => (i % 4 * CHANNELS + channel) as u8,
        _ => 0,
    });
    // SAFETY: 16 bytes are loaded from an array of 16.
    let order = unsafe { vld1q_u8(order.as_ptr()) };
    for (x, (start, words)) in columns.pixels::<2>(rows).enumerate() {
        let mut sums = [[[vdupq_n_u32(0); 2]; 3]; ROWS];
        for (block, [high_weights, low_weights]) in words.iter().enumerate() {
            let (high_weights, low_weights) =
                (vcreate_u16(*high_weights), vcreate_u16(*low_weights));
            for (row, sums) in rows.iter().zip(&mut sums) {
                let at = start + 4 * CHANNELS * block;
                // SAFETY: `pixels` has checked that the row has these 16 bytes.
                let bytes = unsafe { vld1q_u8(row.as_ptr().add(at)) };
                let bytes = vqtbl1q_u8(bytes, order);
                let (red_green, blue) = (vmovl_u8(vget_low_u8(bytes)), vmovl_high_u8(bytes));
                let samples = [
                    vget_low_u16(red_green),
                    vget_high_u16(red_green),
                    vget_low_u16(blue),
                ];
                for ([high, low], samples) in sums.iter_mut().zip(samples) {
                    *high = vmlal_u16(*high, samples, high_weights);
                    *low = vmlal_u16(*low, samples, low_weights);
                }
            }
        }
        for (sums, target) in sums.into_iter().zip(targets.iter_mut()) {
            let [red, green, blue] = sums.map(|[high, low]| {
                let sum = vaddvq_u32(vaddq_u32(vshlq_n_u32::<8>(high), low));
                to_byte(sum.cast_signed() + HALF)
            });
            target[x] = [red, green, blue, 0];
        }
    }
}
