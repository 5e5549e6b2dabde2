//! Huffman tables (ITU-T T.81, annex C), and a block's coefficients by them.

use super::JpegError;
use super::bits::{Bits, extend};

/// Codes up to this many bits are found by one look.
const LOOK: u32 = 10;

/// From zigzag to natural order; the last one again for runs that lead out of the block.
pub(super) const ZIGZAG: [u8; 128] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63,
];

/// A block's place of a zigzag index.
#[inline(always)]
pub(super) fn natural(k: usize) -> usize {
    usize::from(ZIGZAG[k & 127] & 63)
}

/// A table of codes.
#[derive(Clone)]
pub(super) struct Table {
    /// By the next `LOOK` bits: the code's length in the high byte, its symbol in the low one; 0
    /// where the code is longer.
    short: Box<[u16; 1 << LOOK]>,
    /// By the next `LOOK` bits, where an AC code and its number fit into them: the number in the
    /// high half, the run of zeros, the bits of both; else 0.
    whole: Box<[i32; 1 << LOOK]>,
    /// For each length: the first code behind those of this length, as the high bits of 16.
    ends: [u32; 17],
    /// For each length: what to add to a code to get its symbol's index.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// From the counts of codes of 1 to 16 bits, and the symbols.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, JpegError> {
        let mut table = Self {
            short: Box::new([0; 1 << LOOK]),
            whole: Box::new([0; 1 << LOOK]),
            ends: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0u32, 0usize);
        for (length, count) in (1u32..).zip(counts) {
            table.offsets[length as usize] = index as i32 - code as i32;
            for symbol in symbols.iter().skip(index).take(usize::from(*count)) {
                if length <= LOOK {
                    let from = (code << (LOOK - length)) as usize;
                    let same = 1usize << (LOOK - length);
                    let entry = (length as u16) << 8 | u16::from(*symbol);
                    table
                        .short
                        .iter_mut()
                        .skip(from)
                        .take(same)
                        .for_each(|e| *e = entry);
                }
                code += 1;
                index += 1;
            }
            if code > 1 << length {
                return Err(JpegError::damaged("a Huffman table has too many codes"));
            }
            table.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        for (bits, (short, whole)) in table.short.iter().zip(table.whole.iter_mut()).enumerate() {
            let (length, symbol) = (u32::from(short >> 8), u32::from(short & 0xFF));
            let (run, size) = (symbol >> 4, symbol & 15);
            if length > 0 && size > 0 && length + size <= LOOK {
                let number = (bits >> (LOOK - length - size)) as i32 & ((1 << size) - 1);
                *whole = extend(number, size) << 16 | (run << 8 | (length + size)) as i32;
            }
        }
        Ok(table)
    }

    /// Whether each symbol is a DC coefficient's length.
    pub(super) fn is_for_dc(&self) -> bool {
        self.symbols.iter().all(|symbol| *symbol <= 15)
    }

    /// The next symbol; 0 for a code that is none. Refill before.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> u32 {
        let entry = self.short[bits.peek(LOOK) & ((1 << LOOK) - 1)];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return u32::from(entry & 0xFF);
        }
        let (symbol, length) = self.long_symbol(bits.peek(16) as u32);
        bits.skip(length);
        symbol
    }

    /// The symbol that these 16 bits begin with, and its length.
    #[cold]
    fn long_symbol(&self, code: u32) -> (u32, u32) {
        for length in LOOK + 1..=16 {
            if code < self.ends[length as usize] {
                let index = (code >> (16 - length)) as i32 + self.offsets[length as usize];
                let symbol = self.symbols.get(index as usize).copied();
                return (symbol.unwrap_or(0).into(), length);
            }
        }
        (0, 16)
    }

    /// The difference of a DC coefficient.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> i32 {
        bits.refill();
        let size = self.symbol(bits) & 15;
        bits.number(size)
    }
}

/// A sequential block's coefficients, natural order, into zeros; gives the last one's zigzag index.
#[inline(always)]
pub(super) fn read_block(
    bits: &mut Bits<'_>,
    (dc, ac): (&Table, &Table),
    last_dc: &mut i32,
    block: &mut [i16; 64],
) -> usize {
    let reader = bits;
    // A copy of its own stays in registers.
    let bits = &mut reader.clone();
    *last_dc = last_dc.wrapping_add(dc.difference(bits));
    block[0] = *last_dc as i16;
    let (mut k, mut last) = (1, 0);
    while k < 64 {
        bits.refill();
        let whole = ac.whole[bits.peek(LOOK) & ((1 << LOOK) - 1)];
        if whole != 0 {
            bits.skip(whole as u32 & 0xFF);
            k += (whole as usize >> 8) & 15;
            block[natural(k)] = (whole >> 16) as i16;
            last = k;
            k += 1;
            continue;
        }
        let symbol = ac.symbol(bits);
        let (run, size) = ((symbol >> 4) as usize, symbol & 15);
        if size != 0 {
            k += run;
            block[natural(k)] = bits.number(size) as i16;
            last = k;
            k += 1;
        } else if run == 15 {
            k += 16;
        } else {
            break;
        }
    }
    *reader = *bits;
    last.min(63)
}

/// Reads past a sequential block.
#[inline(always)]
pub(super) fn skip_block(bits: &mut Bits<'_>, (dc, ac): (&Table, &Table), last_dc: &mut i32) {
    let reader = bits;
    // A copy of its own stays in registers.
    let bits = &mut reader.clone();
    *last_dc = last_dc.wrapping_add(dc.difference(bits));
    let mut k = 1;
    while k < 64 {
        bits.refill();
        let symbol = ac.symbol(bits);
        let (run, size) = ((symbol >> 4) as usize, symbol & 15);
        if size == 0 && run != 15 {
            break;
        }
        bits.skip(size);
        k += run + 1;
    }
    *reader = *bits;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One code of two bits, one of three, one of twelve.
    fn table() -> Table {
        let mut counts = [0; 16];
        (counts[1], counts[2], counts[11]) = (1, 1, 1);
        Table::new(&counts, &[0x02, 0x31, 0x05]).unwrap()
    }

    #[test]
    fn codes_short_and_long_give_their_symbols() {
        // 00, 010, 011000000000, then ones: no code.
        let file = [
            0b0001_0011,
            0b0000_0000,
            0b0111_1111,
            0xFE,
            0xFE,
            0xFE,
            0xFE,
            0xFE,
        ];
        let (table, mut bits) = (table(), Bits::new(&file, 0));
        let mut symbol = || {
            bits.refill();
            table.symbol(&mut bits)
        };
        assert_eq!(
            [symbol(), symbol(), symbol(), symbol()],
            [0x02, 0x31, 0x05, 0]
        );
    }

    #[test]
    fn more_codes_than_there_can_be_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3]).is_err());
    }
}
