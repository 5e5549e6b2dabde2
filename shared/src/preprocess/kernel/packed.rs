//! Taps as SIMD reads them: blocks of neighbouring pixels, weights split into parts.

use super::super::taps::Taps;
use super::ROWS;

/// The taps of the first pixels of an output row, each of as many blocks of source pixels.
pub(super) struct Packed {
    /// The first source byte of each output pixel.
    starts: Vec<usize>,
    /// From there on, the bytes that are loaded.
    reach: usize,
    /// Weights: of each output pixel its blocks, of each block its parts, of each part 8 bytes.
    words: Vec<u64>,
    /// How many words an output pixel has.
    words_each: usize,
}

/// How a kernel wants its blocks.
pub(super) struct Blocks {
    /// Source pixels a block.
    pub(super) pixels: usize,
    /// Bytes that one load takes, of a block and beyond it.
    pub(super) load: usize,
}

impl Packed {
    /// Blocks of the taps of rows of `width` pixels; what is beyond a pixel's own taps weighs 0. The
    /// last pixels, whose loads would leave the row, are not among them.
    ///
    /// `split` gives the words of a block's weights.
    pub(super) fn new<const PARTS: usize>(
        taps: &[Taps],
        width: usize,
        channels: usize,
        blocks: &Blocks,
        split: impl Fn(&[i32]) -> [u64; PARTS],
    ) -> Self {
        let longest = taps.iter().map(|taps| taps.weights.len()).max();
        let count = longest.unwrap_or(0).div_ceil(blocks.pixels).max(1);
        let reach = (count - 1) * blocks.pixels * channels + blocks.load;
        let fits = |taps: &&Taps| taps.first * channels + reach <= width * channels;
        let mut packed = Self {
            starts: Vec::new(),
            reach,
            words: Vec::new(),
            words_each: count * PARTS,
        };
        let mut room = vec![0; count * blocks.pixels];
        for taps in taps.iter().take_while(fits) {
            room.fill(0);
            room[..taps.weights.len()].copy_from_slice(&taps.weights);
            packed.starts.push(taps.first * channels);
            for block in room.chunks_exact(blocks.pixels) {
                packed.words.extend(split(block));
            }
        }
        packed
    }

    /// Output pixels.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The first source byte and the words of each output pixel. Of each of these rows the bytes of
    /// all of its blocks can be loaded.
    ///
    /// # Panics
    /// When a row is shorter than that.
    pub(super) fn pixels<const PARTS: usize>(
        &self,
        rows: [&[u8]; ROWS],
    ) -> impl Iterator<Item = (usize, &[[u64; PARTS]])> {
        let end = self.starts.last().map_or(0, |start| start + self.reach);
        assert!(
            rows.iter().all(|row| row.len() >= end),
            "a row is too short"
        );
        let words = self.words.chunks_exact(self.words_each);
        let words = words.map(|words| words.as_chunks().0);
        self.starts.iter().copied().zip(words)
    }
}
