//! The entropy-coded bits of a scan: stuffed zeros taken out, markers found.

/// Reads bits, the first one highest. After the end, or at a marker, it gives zeros.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    file: &'a [u8],
    /// The next byte that is not in the buffer. Never past a marker.
    at: usize,
    /// The next bits, from the highest down; what lies behind `count` bits is not to be relied on.
    buffer: u64,
    count: u32,
    /// How many of the buffer's bits are zeros that no byte stands for.
    made_up: u32,
    /// Zeros that no byte stands for have been used.
    over: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn new(file: &'a [u8], at: usize) -> Self {
        Self {
            file,
            at,
            buffer: 0,
            count: 0,
            made_up: 0,
            over: false,
        }
    }

    /// Whether more bits were used than there are.
    pub(super) fn is_over(&self) -> bool {
        self.over || self.count < self.made_up
    }

    /// Where to look for the marker that ends the scan.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Makes sure that 32 bits can be used: a Huffman code and the number behind it.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count < 32 {
            self.fill();
        }
    }

    #[inline(always)]
    fn fill(&mut self) {
        if let Some(bytes) = self.file.get(self.at..).and_then(|rest| rest.first_chunk()) {
            let word = u64::from_be_bytes(*bytes);
            // No byte of eight is 0xFF (the usual test for a zero byte, of the complement).
            let ones = 0x0101_0101_0101_0101_u64;
            if (!word).wrapping_sub(ones) & word & (ones << 7) == 0 {
                self.buffer |= word >> self.count;
                let bytes = (64 - self.count) / 8;
                self.at += bytes as usize;
                self.count += 8 * bytes;
                return;
            }
        }
        *self = self.filled_slowly();
    }

    /// By value: a reader of which nothing else has the address stays in the processor's registers.
    #[cold]
    #[inline(never)]
    fn filled_slowly(mut self) -> Self {
        // What lies behind the count is cut off, to be added byte by byte.
        if self.count < 64 {
            self.buffer &= !(u64::MAX >> self.count);
        }
        self.over = self.is_over();
        while self.count <= 56 {
            let Some(&byte) = self.file.get(self.at) else {
                self.make_up();
                break;
            };
            if byte == 0xFF {
                // Any number of 0xFF, then zero: a stuffed 0xFF. Else a marker.
                let rest = &self.file[self.at..];
                let fill = rest.iter().take_while(|byte| **byte == 0xFF).count();
                if rest.get(fill) != Some(&0) {
                    self.make_up();
                    break;
                }
                self.at += fill;
            }
            self.at += 1;
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    fn make_up(&mut self) {
        self.made_up = self.made_up.min(self.count) + (64 - self.count);
        self.count = 64;
    }

    /// The next `n` bits, 1 to 16, without using them.
    #[inline(always)]
    pub(super) fn peek(&self, n: u32) -> usize {
        (self.buffer >> (64 - n)) as usize
    }

    /// Uses `n` bits; at most 32 after one [`Bits::refill`].
    #[inline(always)]
    pub(super) fn skip(&mut self, n: u32) {
        self.buffer <<= n;
        self.count -= n;
    }

    /// The next `n` bits, 0 to 16.
    #[inline(always)]
    pub(super) fn take(&mut self, n: u32) -> i32 {
        // In two steps, since a shift by 64 is none.
        let bits = (self.buffer >> 1 >> (63 - n)) as i32;
        self.skip(n);
        bits
    }

    /// One bit, refilled when there is none.
    #[inline(always)]
    pub(super) fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.fill();
        }
        let bit = self.buffer >> 63 == 1;
        self.skip(1);
        bit
    }

    /// A number of `n` bits as JPEG writes it: the lower half of the range stands for negative
    /// ones (ITU-T T.81, F.2.2.1, EXTEND).
    #[inline(always)]
    pub(super) fn number(&mut self, n: u32) -> i32 {
        extend(self.take(n), n)
    }

    /// Goes to the data behind the restart marker number `expected`, 0 to 7. Where other markers
    /// come, does as libjpeg's `jpeg_resync_to_restart`: one or two late are skipped, one or two
    /// early wait, and until then there is nothing to read.
    #[inline(always)]
    pub(super) fn restart(&mut self, expected: u8) {
        *self = self.restarted(expected);
    }

    #[inline(never)]
    fn restarted(self, expected: u8) -> Self {
        let mut bits = Self::new(self.file, self.at);
        while let Some((marker, behind)) = next_marker(bits.file, bits.at) {
            match marker {
                0xD0..=0xD7 => match marker.wrapping_sub(0xD0 + expected) & 7 {
                    1 | 2 => break,
                    6 | 7 => bits.at = behind,
                    _ => {
                        bits.at = behind;
                        return bits;
                    }
                },
                0xC0.. => break,
                _ => bits.at = behind,
            }
        }
        bits.over = true;
        bits
    }
}

#[inline(always)]
pub(super) fn extend(bits: i32, n: u32) -> i32 {
    match bits < (1 << n) >> 1 {
        true => bits + 1 - (1 << n),
        false => bits,
    }
}

/// The next marker at or behind `at`, and where what follows it begins.
pub(super) fn next_marker(file: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += file.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        at += file[at..].iter().take_while(|byte| **byte == 0xFF).count();
        match file.get(at)? {
            0 => at += 1,
            marker => return Some((*marker, at + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_data_and_markers_the_end() {
        let file = [0xA5, 0xFF, 0x00, 0x3C, 0xFF, 0xFF, 0x00, 0xFF, 0xD9, 0x77];
        let mut bits = Bits::new(&file, 0);
        let mut byte = || {
            bits.refill();
            (bits.take(8), bits.is_over())
        };
        let read: Vec<_> = (0..5).map(|_| byte()).collect();
        let values = [
            (0xA5, false),
            (0xFF, false),
            (0x3C, false),
            (0xFF, false),
            (0, true),
        ];
        assert_eq!(read, values);
        assert_eq!(next_marker(&file, bits.at()), Some((0xD9, 9)));
    }

    #[test]
    fn numbers_are_signed() {
        assert_eq!([extend(0, 1), extend(1, 1)], [-1, 1]);
        assert_eq!(
            [extend(0, 3), extend(3, 3), extend(4, 3), extend(7, 3)],
            [-7, -4, 4, 7]
        );
        assert_eq!(extend(0, 0), 0);
    }

    #[test]
    fn a_restart_is_found_where_others_are_missing() {
        let file = [1, 2, 3, 0xFF, 0xD1, 0xAA, 0xFF, 0xD3, 0xBB];
        let mut bits = Bits::new(&file, 0);
        bits.restart(0);
        assert!(bits.is_over(), "number 1 is early");
        bits.restart(1);
        bits.refill();
        assert_eq!((bits.take(8), bits.is_over()), (0xAA, false));
        bits.restart(5);
        assert!(bits.is_over(), "number 3 is late, and nothing follows");
    }
}
