//! NEON: four pixels at a time, as 16-bit numbers.

use std::arch::aarch64::*;

use super::super::taps::{PRECISION, Taps};
use super::rounded::{Bounds, Rounded};
use super::{ROWS, Targets, scalar};

#[target_feature(enable = "neon")]
pub(super) fn narrow<const CHANNELS: usize>(
    rows: [&[u8]; ROWS],
    columns: &Rounded,
    taps: &[Taps],
    targets: &mut Targets<'_>,
) {
    // Four red bytes, four green, four blue, and four that are not used.
    let order: [u8; 16] = std::array::from_fn(|i| match i / 4 {
        channel @ 0..3 => (i % 4 * CHANNELS + channel) as u8,
        _ => 0,
    });
    // SAFETY: 16 bytes are loaded from an array of 16.
    let order = unsafe { vld1q_u8(order.as_ptr()) };
    let shift = vdupq_n_s32(columns.shift.cast_signed());
    for (x, (start, words)) in columns.packed.pixels::<1>(rows).enumerate() {
        let mut sums = [[vdupq_n_u32(0); 3]; ROWS];
        for (block, [weights]) in words.iter().enumerate() {
            let weights = vcreate_u16(*weights);
            for (row, [red, green, blue]) in rows.iter().zip(&mut sums) {
                let at = start + 4 * CHANNELS * block;
                // SAFETY: `pixels` has checked that the row has these 16 bytes.
                let bytes = unsafe { vld1q_u8(row.as_ptr().add(at)) };
                let bytes = vqtbl1q_u8(bytes, order);
                let (red_green, blues) = (vmovl_u8(vget_low_u8(bytes)), vmovl_high_u8(bytes));
                *red = vmlal_u16(*red, vget_low_u16(red_green), weights);
                *green = vmlal_u16(*green, vget_high_u16(red_green), weights);
                *blue = vmlal_u16(*blue, vget_low_u16(blues), weights);
            }
        }
        let Bounds { least, spread } = columns.bounds[x];
        let (least, spread) = (vdupq_n_s32(least), vdupq_n_s32(spread));
        for ([red, green, blue], (row, target)) in
            sums.into_iter().zip(rows.iter().zip(targets.iter_mut()))
        {
            let sums = vpaddq_u32(vpaddq_u32(red, green), vpaddq_u32(blue, blue));
            let sums = vaddq_s32(vshlq_s32(vreinterpretq_s32_u32(sums), shift), least);
            let values = vshrq_n_s32::<{ PRECISION as i32 }>(sums);
            let most = vshrq_n_s32::<{ PRECISION as i32 }>(vaddq_s32(sums, spread));
            target[x] = match vminvq_u32(vceqq_s32(values, most)) {
                0 => scalar::pixel::<CHANNELS>(row, &taps[x]),
                _ => {
                    let halves = vqmovun_s32(values);
                    let bytes = vqmovn_u16(vcombine_u16(halves, halves));
                    vget_lane_u32::<0>(vreinterpret_u32_u8(bytes)).to_le_bytes()
                }
            };
        }
    }
}
