//! Huffman tables (ITU-T T.81, annex C), and a block's coefficients by them.

use super::JpegError;
use super::bits::{Bits, extend};

/// Codes up to this many bits are found by one look.
const LOOK: u32 = 12;

/// From zigzag to natural order; the last one again for all that leads out of the block.
pub(super) static NATURAL: [u8; 256] = {
    let mut natural = [63; 256];
    let (mut k, mut x, mut y) = (0, 0, 0);
    while k < 64 {
        natural[k] = 8 * y + x;
        // Even diagonals lead up, odd ones down, and along the edges to the next one.
        match (x + y) % 2 {
            0 if x == 7 => y += 1,
            0 if y == 0 => x += 1,
            0 => (x, y) = (x + 1, y - 1),
            _ if y == 7 => x += 1,
            _ if x == 0 => y += 1,
            _ => (x, y) = (x - 1, y + 1),
        }
        k += 1;
    }
    natural
};

/// A block's place of a zigzag index.
#[inline(always)]
pub(super) fn natural(k: usize) -> usize {
    usize::from(NATURAL[k & 255] & 63)
}

/// How far the end of a block leads on: out of it, and farther than any run of zeros.
const END: usize = 80;

/// What the next `LOOK` bits say of an AC coefficient.
#[derive(Clone, Copy)]
struct Entry(u32);

impl Entry {
    /// The code is longer than `LOOK` bits.
    const LONG: Self = Self(Self::NOT_WHOLE);
    const NOT_WHOLE: u32 = 15 << 5;

    /// `bits`: how many are used; `size`: bits of the number that follow yet, 0 where `value` has it;
    /// `step`: from the coefficient before to this one.
    fn new(bits: u32, size: u32, step: usize, value: i32) -> Self {
        Self((value << 16) as u32 | (step as u32) << 9 | size << 5 | bits)
    }

    #[inline(always)]
    fn is_whole(self) -> bool {
        self.0 & Self::NOT_WHOLE == 0
    }

    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    fn size(self) -> u32 {
        self.0 >> 5 & 15
    }

    #[inline(always)]
    fn step(self) -> usize {
        (self.0 >> 9 & 127) as usize
    }

    #[inline(always)]
    fn value(self) -> i16 {
        (self.0 >> 16) as i16
    }
}

/// From the coefficient before to the one of this AC symbol.
#[inline(always)]
fn step(symbol: u32) -> usize {
    match symbol {
        0xF0 => 16,
        _ if symbol & 15 == 0 => END,
        _ => (symbol >> 4) as usize + 1,
    }
}

/// A table of codes.
#[derive(Clone)]
pub(super) struct Table {
    /// By the next `LOOK` bits: the code's length in the high byte, its symbol in the low one; 0
    /// where the code is longer.
    short: Box<[u16; 1 << LOOK]>,
    /// By the next `LOOK` bits.
    entries: Box<[Entry; 1 << LOOK]>,
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
            entries: Box::new([Entry::LONG; 1 << LOOK]),
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
        for (bits, (short, entry)) in table.short.iter().zip(table.entries.iter_mut()).enumerate() {
            let (length, symbol) = (u32::from(short >> 8), u32::from(short & 0xFF));
            let (size, step) = (symbol & 15, step(symbol));
            if length > 0 && length + size <= LOOK {
                let number = (bits >> (LOOK - length - size)) as i32 & ((1 << size) - 1);
                *entry = Entry::new(length + size, 0, step, extend(number, size));
            } else if length > 0 {
                *entry = Entry::new(length, size, step, 0);
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

    /// How far it is from an AC coefficient to the next one that is not 0, and this one's value. The
    /// end of the block is [`END`] and 0.
    #[inline(always)]
    fn coefficient(&self, bits: &mut Bits<'_>) -> (usize, i16) {
        bits.refill();
        let entry = self.entries[bits.peek(LOOK) & ((1 << LOOK) - 1)];
        bits.skip(entry.bits());
        if entry.is_whole() {
            return (entry.step(), entry.value());
        }
        if entry.step() > 0 {
            return (entry.step(), bits.number(entry.size()) as i16);
        }
        let (symbol, length) = self.long_symbol(bits.peek(16) as u32);
        bits.skip(length);
        (step(symbol), bits.number(symbol & 15) as i16)
    }
}

/// A sequential block's coefficients, natural order, into zeros; gives a zigzag index behind which
/// all are 0.
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
    let mut k = 0;
    while k < 63 {
        let (step, value) = ac.coefficient(bits);
        k += step;
        // At the block's end, a 0 for the last coefficient, which did not come.
        block[natural(k)] = value;
    }
    *reader = *bits;
    k.checked_sub(END).unwrap_or(63)
}

/// Reads past a sequential block.
#[inline(always)]
pub(super) fn skip_block(bits: &mut Bits<'_>, (dc, ac): (&Table, &Table), last_dc: &mut i32) {
    let reader = bits;
    // A copy of its own stays in registers.
    let bits = &mut reader.clone();
    *last_dc = last_dc.wrapping_add(dc.difference(bits));
    let mut k = 0;
    while k < 63 {
        k += ac.coefficient(bits).0;
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
