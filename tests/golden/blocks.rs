//! Blocks of any coefficients, also of such as no encoder writes, become the samples of jidctint.c,
//! whichever instructions transform them.

use conch_shared::jpeg::Jpeg;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BLOCKS: usize = 200;

/// Coefficients in zigzag order.
type Block = [i16; 64];

#[test]
fn blocks_of_any_coefficients_become_the_samples_of_jidctint() {
    let mut next = numbers();
    for quantiser in [1, 2, 40, 255, 40_001] {
        for largest in [3, 60, 1000, 16_383] {
            let blocks: Vec<Block> = (0..BLOCKS).map(|_| block(&mut next, largest)).collect();
            let file = file(&blocks, quantiser);
            let jpeg = Jpeg::open(&file)
                .unwrap()
                .expect("it is of a kind that is taken");
            let mut rows = Vec::new();
            jpeg.read(0..8 * BLOCKS, 0..8, &mut |row| {
                rows.extend(row.as_chunks::<4>().0.iter().map(|pixel| pixel[0]));
            })
            .unwrap();
            for (index, (block, samples)) in blocks.iter().zip(rows.as_chunks::<64>().0).enumerate()
            {
                let expected = jidctint(block, quantiser);
                assert!(
                    *samples == expected,
                    "{quantiser} {largest} {index}: {block:?}"
                );
            }
        }
    }
}

/// Up to any place, of any density, no larger than `largest`.
fn block(next: &mut impl FnMut() -> u32, largest: i32) -> Block {
    let (end, density) = (next() % 65, next() % 9);
    let mut number = |k: u32| match k < end && next() % 8 < density {
        true => match next() % 4 {
            0 => largest,
            1 => -largest,
            _ => next() as i32 % (largest + 1),
        },
        false => 0,
    };
    std::array::from_fn(|k| number(k as u32) as i16)
}

fn numbers() -> impl FnMut() -> u32 {
    let mut state = 0x2545_F491u32;
    move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state >> 1
    }
}

/// From zigzag to natural order: along diagonals, by turns up and down.
fn natural() -> [usize; 64] {
    let mut places: Vec<(usize, usize)> = (0..64).map(|at| (at / 8, at % 8)).collect();
    places.sort_by_key(|&(y, x)| (x + y, if (x + y) % 2 == 0 { x } else { y }));
    std::array::from_fn(|k| 8 * places[k].0 + places[k].1)
}

/// A grey JPEG, one block wide. Its codes are the symbols: DC's of four bits, AC's of eight.
fn file(blocks: &[Block], quantiser: u16) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 131, 0x10];
    file.extend([quantiser.to_be_bytes(); 64].as_flattened());
    let [high, low] = (8 * blocks.len() as u16).to_be_bytes();
    file.extend([0xFF, 0xC0, 0, 11, 8, high, low, 0, 8, 1, 1, 0x11, 0]);
    file.extend([0xFF, 0xC4, 0, 35, 0x00, 0, 0, 0, 16]);
    file.extend([0; 12]);
    file.extend(0..16);
    file.extend([0xFF, 0xC4, 1, 18, 0x10, 0, 0, 0, 0, 0, 0, 0, 255]);
    file.extend([0; 8]);
    file.extend(0..=254);
    file.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    let mut bits = Bits::default();
    let mut last_dc = 0;
    for block in blocks {
        // Sums of differences wrap at 16 bits.
        let difference = block[0].wrapping_sub(last_dc).max(-i16::MAX);
        assert_eq!(last_dc.wrapping_add(difference), block[0]);
        last_dc = block[0];
        bits.put(size(difference), 4);
        bits.number(difference);
        let mut zeros = 0;
        for value in &block[1..] {
            if *value == 0 {
                zeros += 1;
                continue;
            }
            for _ in 0..zeros / 16 {
                bits.put(0xF0, 8);
            }
            bits.put((zeros % 16) << 4 | size(*value), 8);
            bits.number(*value);
            zeros = 0;
        }
        if zeros > 0 {
            bits.put(0, 8);
        }
    }
    bits.put(0x7F, 7);
    file.extend(bits.bytes);
    file.extend([0xFF, 0xD9]);
    file
}

/// Bits of a number without its sign.
fn size(number: i16) -> u32 {
    16 - number.unsigned_abs().leading_zeros()
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    rest: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, count: u32) {
        for bit in (0..count).rev() {
            self.rest = self.rest << 1 | bits >> bit & 1;
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.rest as u8);
                if self.rest as u8 == 0xFF {
                    self.bytes.push(0);
                }
                self.count = 0;
            }
        }
    }

    /// ITU-T T.81, F.1.2.1.1: of a negative number, the bits of one less.
    fn number(&mut self, number: i16) {
        let bits = i32::from(number) - i32::from(number < 0);
        self.put(bits as u32, size(number));
    }
}

/// jidctint.c, jpeg_idct_islow; products of 16 bits, and numbers between the passes cut to as many,
/// as in libjpeg-turbo's vector code.
fn jidctint(block: &Block, quantiser: u16) -> [u8; 64] {
    let mut numbers = [0i32; 64];
    for (value, at) in block.iter().zip(natural()) {
        numbers[at] = value.wrapping_mul(quantiser as i16).into();
    }
    for x in 0..8 {
        let column = one_pass(std::array::from_fn(|y| numbers[8 * y + x]));
        for (y, number) in column.into_iter().enumerate() {
            let number = descale(number, 13 - 2);
            numbers[8 * y + x] = number.clamp(i16::MIN.into(), i16::MAX.into());
        }
    }
    let (rows, _) = numbers.as_chunks::<8>();
    let sample = |number| (descale(number, 13 + 2 + 3) + 128).clamp(0, 255) as u8;
    let samples: Vec<u8> = rows
        .iter()
        .flat_map(|row| one_pass(*row).map(sample))
        .collect();
    samples.try_into().expect("eight rows of eight")
}

fn descale(number: i32, bits: u32) -> i32 {
    (number + (1 << (bits - 1))) >> bits
}

fn one_pass(input: [i32; 8]) -> [i32; 8] {
    // Numbers in between may leave 32 bits; sums of all do not.
    let input = input.map(i64::from);
    let z1 = (input[2] + input[6]) * 4433;
    let (tmp2, tmp3) = (z1 - input[6] * 15137, z1 + input[2] * 6270);
    let (tmp0, tmp1) = ((input[0] + input[4]) << 13, (input[0] - input[4]) << 13);
    let even = [tmp0 + tmp3, tmp1 + tmp2, tmp1 - tmp2, tmp0 - tmp3];
    let [tmp0, tmp1, tmp2, tmp3] = [input[7], input[5], input[3], input[1]];
    let z5 = (tmp0 + tmp2 + tmp1 + tmp3) * 9633;
    let (z1, z2) = ((tmp0 + tmp3) * -7373, (tmp1 + tmp2) * -20995);
    let (z3, z4) = ((tmp0 + tmp2) * -16069 + z5, (tmp1 + tmp3) * -3196 + z5);
    let odd = [
        tmp3 * 12299 + z1 + z4,
        tmp2 * 25172 + z2 + z3,
        tmp1 * 16819 + z2 + z4,
        tmp0 * 2446 + z1 + z3,
    ];
    std::array::from_fn(|k| {
        let sum = match k < 4 {
            true => even[k] + odd[k],
            false => even[7 - k] - odd[7 - k],
        };
        sum.try_into().expect("it fits into 32 bits")
    })
}
