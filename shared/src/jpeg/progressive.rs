//! A block's part in one scan of several (ITU-T T.81, annex G).
//!
//! To find its way through a scan, a decoder has to know which coefficients of a block are not 0,
//! and no more. So each block of the photo has 64 bits that say so, in zigzag order, and only those
//! blocks that become pixels have their coefficients as well.

use super::bits::Bits;
use super::huffman::{Table, natural, read_block};
use super::markers::Scan;

/// What is kept of a block.
pub(super) struct Block<'a> {
    /// Bit `k`: the coefficient of zigzag index `k` is not 0.
    pub(super) is_set: &'a mut u64,
    /// The coefficients, natural order, where they are wanted.
    pub(super) values: Option<&'a mut [i16; 64]>,
}

impl Block<'_> {
    #[inline(always)]
    fn set(&mut self, k: usize, value: i32) {
        let k = k.min(63);
        *self.is_set |= 1 << k;
        if let Some(values) = &mut self.values {
            values[natural(k)] = value as i16;
        }
    }
}

/// What a component's blocks go through in a scan, one after the other.
pub(super) struct Pass<'a> {
    scan: &'a Scan,
    is_progressive: bool,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
    last_dc: i32,
    /// Blocks to come, this one included, that end here.
    ended: u32,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        scan: &'a Scan,
        is_progressive: bool,
        dc: Option<&'a Table>,
        ac: Option<&'a Table>,
    ) -> Self {
        Self {
            scan,
            is_progressive,
            dc,
            ac,
            last_dc: 0,
            ended: 0,
        }
    }

    pub(super) fn restart(&mut self) {
        (self.last_dc, self.ended) = (0, 0);
    }

    /// Whether the block to come has nothing in this scan, and what it had before does not matter.
    #[inline(always)]
    pub(super) fn passes_over(&mut self) -> bool {
        let passes = self.ended > 0 && self.scan.high == 0;
        self.ended -= u32::from(passes);
        passes
    }

    #[inline(always)]
    pub(super) fn read(&mut self, bits: &mut Bits<'_>, mut block: Block<'_>) {
        match (self.dc, self.ac) {
            (Some(dc), Some(ac)) if !self.is_progressive => {
                let mut own = [0; 64];
                let values = block.values.unwrap_or(&mut own);
                values.fill(0);
                let last = read_block(bits, (dc, ac), &mut self.last_dc, values);
                // Only the last one counts, to shorten the transform.
                *block.is_set = 1 << last;
            }
            (Some(dc), _) => {
                self.last_dc = self.last_dc.wrapping_add(dc.difference(bits));
                block.set(0, self.last_dc << self.scan.low);
            }
            (None, Some(ac)) if self.scan.high == 0 => self.first(bits, ac, block),
            (None, Some(ac)) => self.refine(bits, ac, block),
            (None, None) => {
                if bits.bit()
                    && let Some(values) = block.values
                {
                    values[0] |= 1 << self.scan.low;
                }
            }
        }
    }

    /// The high bits of coefficients.
    #[inline(always)]
    fn first(&mut self, bits: &mut Bits<'_>, ac: &Table, mut block: Block<'_>) {
        let mut k = self.scan.first;
        while k <= self.scan.last {
            bits.refill();
            let symbol = ac.symbol(bits);
            let (run, size) = ((symbol >> 4) as usize, symbol & 15);
            if size != 0 {
                k += run;
                block.set(k, bits.number(size) << self.scan.low);
                k += 1;
            } else if run == 15 {
                k += 16;
            } else {
                self.ended = (1 << run) + bits.take(run as u32) as u32 - 1;
                break;
            }
        }
    }

    /// One bit more of those that are not 0, and those that are not 0 from this bit on.
    #[inline(always)]
    fn refine(&mut self, bits: &mut Bits<'_>, ac: &Table, mut block: Block<'_>) {
        let bit = 1 << self.scan.low;
        let mut k = self.scan.first;
        if self.ended == 0 {
            while k <= self.scan.last {
                bits.refill();
                let symbol = ac.symbol(bits);
                let (mut zeros, size) = (symbol >> 4, symbol & 15);
                let mut new = 0;
                if size != 0 {
                    new = if bits.take(1) == 1 { bit } else { -bit };
                } else if zeros != 15 {
                    self.ended = (1 << zeros) + bits.take(zeros) as u32;
                    break;
                }
                // Past so many that are 0, mending those that are not.
                while k <= self.scan.last {
                    if *block.is_set >> k & 1 == 1 {
                        mend(bits, &mut block, k, bit);
                    } else if zeros == 0 {
                        break;
                    } else {
                        zeros -= 1;
                    }
                    k += 1;
                }
                if new != 0 {
                    block.set(k, new);
                }
                k += 1;
            }
        }
        if self.ended > 0 {
            self.ended -= 1;
            let of_scan = u64::MAX << k.min(63) & u64::MAX >> (63 - self.scan.last);
            let mut rest = if k > 63 { 0 } else { *block.is_set & of_scan };
            while rest != 0 {
                mend(bits, &mut block, rest.trailing_zeros() as usize, bit);
                rest &= rest - 1;
            }
        }
    }
}

/// One bit more of a coefficient that is not 0.
#[inline(always)]
fn mend(bits: &mut Bits<'_>, block: &mut Block<'_>, k: usize, bit: i32) {
    if !bits.bit() {
        return;
    }
    if let Some(values) = &mut block.values {
        let value = &mut values[natural(k)];
        if *value & bit as i16 == 0 {
            let more = if *value >= 0 { bit } else { -bit };
            *value = value.wrapping_add(more as i16);
        }
    }
}
