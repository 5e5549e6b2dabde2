//! Weights of 15 bits, and how far a sum of them can be off.
//!
//! A weight is `k = (m << shift) + e`, where `m` fits the instructions that multiply 16-bit numbers
//! and add up neighbours. Of a sum of `k * p` over bytes `p`, that instruction gives the part of the
//! `m`. What is missing is the sum of `e * p`, which is `128 * sum(e)`, give or take
//! `128 * sum(|e|)`: for a photo of 12 megapixels about a 300th of what makes a byte one more. So
//! nearly always the byte is known; where it is not, the exact sum is taken.

use super::super::taps::{HALF, PRECISION, Taps};
use super::packed::{Blocks, Packed};

/// The taps of a row in blocks of four pixels, of which 16 bytes are loaded; weights as four 16-bit
/// numbers.
pub(super) struct Rounded {
    pub(super) packed: Packed,
    /// Bits that the weights were cut by.
    pub(super) shift: u32,
    /// Of each output pixel.
    pub(super) bounds: Vec<Bounds>,
}

/// What is between a sum of rounded weights and the exact one, which is half a unit up.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// To be added for the least that it can be.
    pub(super) least: i32,
    /// How much more than the least it can be.
    pub(super) spread: i32,
}

impl Rounded {
    pub(super) fn new(taps: &[Taps], width: usize, channels: usize) -> Self {
        let weights = || taps.iter().flat_map(|taps| &taps.weights);
        let largest = weights().copied().max().unwrap_or(0);
        // A weight is at most one, and then the last of these cuts enough.
        let cuts = (0..=PRECISION - 14).find(|shift| round(largest, *shift) <= i32::from(i16::MAX));
        let shift = cuts.unwrap_or(PRECISION - 14);
        let blocks = Blocks {
            pixels: 4,
            load: 16,
        };
        let packed = Packed::new(taps, width, channels, &blocks, |weights| {
            let weights = weights.iter().rev();
            [weights.fold(0, |word, weight| word << 16 | round(*weight, shift) as u64)]
        });
        let bounds = taps.iter().map(|taps| Bounds::new(taps, shift)).collect();
        Self {
            packed,
            shift,
            bounds,
        }
    }
}

impl Bounds {
    fn new(taps: &Taps, shift: u32) -> Self {
        let errors = || taps.weights.iter().map(|k| k - (round(*k, shift) << shift));
        let middle = 128 * errors().sum::<i32>();
        let reach = 128 * errors().map(i32::abs).sum::<i32>();
        Self {
            least: HALF + middle - reach,
            spread: 2 * reach,
        }
    }
}

fn round(weight: i32, shift: u32) -> i32 {
    (weight + (1 << shift >> 1)) >> shift
}
