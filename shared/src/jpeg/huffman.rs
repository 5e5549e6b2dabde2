//! Huffman tables (ITU-T T.81, annex C), and a block's coefficients by them.

use super::JpegError;
use super::bits::{Bits, extend};

/// Codes up to this many bits are found by one look.
const LOOK: u32 = 11;

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

/// What the next `LOOK` bits say of AC coefficients: of two where both fit into them, with their
/// numbers.
#[derive(Clone, Copy)]
struct Entry(u64);

impl Entry {
    /// The code is longer than `LOOK` bits.
    const LONG: Self = Self(0);

    /// A code of `bits` bits, behind which a number of `size` bits does not fit.
    fn code_alone(bits: u32, size: u32, step: usize) -> Self {
        Self((size as u64) << 24 | (step as u64) << 16 | u64::from(bits) << 8)
    }

    /// A coefficient that takes `bits` bits.
    fn one(bits: u32, step: usize, value: i32) -> Self {
        // The second one, in the same place, is the first again.
        let value = u64::from(value as u16);
        Self(value << 48 | value << 32 | (step as u64) << 16 | u64::from(bits << 8 | bits))
    }

    /// This one, and one more behind it.
    fn and(self, next: Self) -> Self {
        let second = next.0 & 0xFFFF << 48 | (next.step() as u64) << 24;
        let bits = u64::from(self.first_bits() + next.first_bits());
        Self(second | self.0 & 0xFFFF_00FF_FF00 | bits)
    }

    /// Bits of all that is known; 0 where a number is not.
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 as u32 & 0xFF
    }

    /// Bits of the first one, or of its code.
    #[inline(always)]
    fn first_bits(self) -> u32 {
        self.0 as u32 >> 8 & 0xFF
    }

    /// From the coefficient before to the first one.
    #[inline(always)]
    fn step(self) -> usize {
        (self.0 as u32 >> 16 & 0xFF) as usize
    }

    /// From the first coefficient to the second one; for a code alone, its number's size.
    #[inline(always)]
    fn second_step(self) -> usize {
        (self.0 as u32 >> 24) as usize
    }

    #[inline(always)]
    fn value(self) -> i16 {
        (self.0 >> 32) as i16
    }

    #[inline(always)]
    fn second_value(self) -> i16 {
        (self.0 >> 48) as i16
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
        for (bits, short) in table.short.iter().enumerate() {
            let (length, symbol) = (u32::from(short >> 8), u32::from(short & 0xFF));
            let (size, step) = (symbol & 15, step(symbol));
            if length > 0 && length + size <= LOOK {
                let number = (bits >> (LOOK - length - size)) as i32 & ((1 << size) - 1);
                table.entries[bits] = Entry::one(length + size, step, extend(number, size));
            } else if length > 0 {
                table.entries[bits] = Entry::code_alone(length, size, step);
            }
        }
        let ones = table.entries.clone();
        for (bits, entry) in table.entries.iter_mut().enumerate() {
            // As if zeros followed: what needs those does not fit.
            let next = ones[bits << entry.bits() & ((1 << LOOK) - 1)];
            let is_one_more = entry.bits() > 0 && entry.step() < END && next.bits() > 0;
            if is_one_more && entry.bits() + next.bits() <= LOOK {
                *entry = entry.and(next);
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

    #[inline(always)]
    fn entry(&self, bits: &mut Bits<'_>) -> Entry {
        bits.refill();
        self.entries[bits.peek(LOOK) & ((1 << LOOK) - 1)]
    }

    /// An AC coefficient whose number is not in its entry: from the one before to it, and its value.
    #[inline(always)]
    fn coefficient(&self, bits: &mut Bits<'_>, entry: Entry) -> (usize, i16) {
        bits.skip(entry.first_bits());
        if entry.first_bits() > 0 {
            let size = entry.second_step() as u32;
            return (entry.step(), bits.number(size) as i16);
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
    tables: (&Table, &Table),
    last_dc: &mut i32,
    block: &mut [i16; 64],
) -> usize {
    let last = walk(bits, tables, last_dc, |k, value| block[natural(k)] = value);
    block[0] = *last_dc as i16;
    last
}

/// Reads past a sequential block.
#[inline(always)]
pub(super) fn skip_block(bits: &mut Bits<'_>, tables: (&Table, &Table), last_dc: &mut i32) {
    walk(bits, tables, last_dc, |_, _| ());
}

/// Through a sequential block: `put` is given AC coefficients and their zigzag indices, and a 0
/// behind the last one, or behind the block. Gives an index behind which all are 0.
#[inline(always)]
fn walk(
    bits: &mut Bits<'_>,
    (dc, ac): (&Table, &Table),
    last_dc: &mut i32,
    mut put: impl FnMut(usize, i16),
) -> usize {
    let reader = bits;
    // A copy of its own stays in registers.
    let bits = &mut reader.clone();
    *last_dc = last_dc.wrapping_add(dc.difference(bits));
    let mut k = 0;
    while k < 63 {
        let entry = ac.entry(bits);
        if entry.bits() == 0 {
            let (step, value) = ac.coefficient(bits, entry);
            k += step;
            put(k, value);
            continue;
        }
        k += entry.step();
        put(k, entry.value());
        if k >= 63 {
            // What follows is another block's.
            bits.skip(entry.first_bits());
            break;
        }
        bits.skip(entry.bits());
        k += entry.second_step();
        put(k, entry.second_value());
    }
    *reader = *bits;
    k.checked_sub(END).unwrap_or(63)
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
