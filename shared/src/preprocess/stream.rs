//! The resize of a photo that comes row by row, as it is stored, and is never there as a whole.
//!
//! Whichever way the photo was stored, the bytes are those of its upright pixels. Both passes are
//! sums of whole numbers, so neither the order of rows nor their direction shows; which pass comes
//! first does, and that is decided by the upright photo: where rows and columns are swapped, the
//! passes are too. Beside the result it holds a few rows of sums.

use std::collections::VecDeque;

use super::kernel::{Columns, Kernel, ROWS};
use super::orient::Orientation;
use super::over_white;
use super::plan::Plan;
use super::taps::{HALF, Taps, to_byte};

/// What the bytes of a source row are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, and a byte that does not count: of a picture that is known to be opaque.
    Rgbx,
    /// Red, green, blue, and alpha, not premultiplied: it is laid over white.
    Rgba,
}

impl Pixels {
    /// Bytes a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgbx | Self::Rgba => 4,
        }
    }
}

/// A resize under way.
pub struct Stream {
    kernel: Kernel,
    pixels: Pixels,
    orientation: Orientation,
    across: Columns,
    down: Vec<Taps>,
    down_first: bool,
    /// Bytes of a source row.
    row_bytes: usize,
    /// Rows that came and were not worked on yet, fewer than [`ROWS`].
    waiting: Vec<u8>,
    /// Rows that were worked on.
    seen: usize,
    /// Output rows that were begun.
    begun: usize,
    /// The sums of output rows that are begun and not done, the first of them first.
    open: VecDeque<Vec<i32>>,
    /// Sums to be used again.
    spare: Vec<Vec<i32>>,
    /// Rows between the passes.
    between: Vec<u8>,
    /// What is done, in the stored photo's orientation.
    done: Vec<u8>,
}

impl Stream {
    /// Begins; the rows of [`Plan::rows`] are to follow, as RGB.
    pub fn new(plan: Plan) -> Self {
        Self::with(Kernel::best(), Pixels::Rgb, plan)
    }

    /// The same on these instructions, for rows of these pixels.
    ///
    /// # Panics
    /// When the machine has other instructions: see [`Kernel::available`].
    pub fn with(kernel: Kernel, pixels: Pixels, plan: Plan) -> Self {
        // What makes calls of the kernels safe.
        assert!(
            Kernel::available().any(|it| it == kernel),
            "no {kernel:?} here"
        );
        let width = plan.columns().len();
        Self {
            kernel,
            pixels,
            orientation: plan.orientation,
            row_bytes: pixels.bytes() * width,
            done: Vec::with_capacity(3 * plan.across.len() * plan.down.len()),
            across: Columns::new(kernel, plan.across, width, pixels.bytes()),
            down: plan.down,
            down_first: plan.down_first,
            waiting: Vec::new(),
            seen: 0,
            begun: 0,
            open: VecDeque::new(),
            spare: Vec::new(),
            between: Vec::new(),
        }
    }

    /// The next stored row, from [`Plan::rows`]'s first on: the pixels of [`Plan::columns`].
    ///
    /// # Panics
    /// When the row has another length than that.
    pub fn push(&mut self, row: &[u8]) {
        assert_eq!(row.len(), self.row_bytes, "a row of another length");
        let from = self.waiting.len();
        self.waiting.extend_from_slice(row);
        if self.pixels == Pixels::Rgba {
            lay_over_white(&mut self.waiting[from..]);
        }
        if self.waiting.len() == ROWS * self.row_bytes {
            self.take_waiting();
        }
    }

    /// As many stored rows as there are, in one piece: each begins `stride` bytes after the one before
    /// it, with the pixels of [`Plan::columns`].
    ///
    /// # Panics
    /// When the last row is shorter than that.
    pub fn push_all(&mut self, rows: &[u8], stride: usize) {
        for rows in rows.chunks(ROWS * stride) {
            let count = rows.len().div_ceil(stride);
            let four = four(rows, self.row_bytes, stride);
            let is_opaque = || self.pixels != Pixels::Rgba || four.iter().all(|row| is_opaque(row));
            if count == ROWS && self.waiting.is_empty() && is_opaque() {
                self.take(four, ROWS);
            } else {
                four[..count].iter().for_each(|row| self.push(row));
            }
        }
    }

    fn take_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let count = waiting.len() / self.row_bytes;
        self.take(four(&waiting, self.row_bytes, self.row_bytes), count);
        self.waiting = waiting;
        self.waiting.clear();
    }

    /// The next rows, of which the first `count` are rows of the photo: the others weigh nothing.
    fn take(&mut self, rows: [&[u8]; ROWS], count: usize) {
        let start = self.seen;
        self.seen += count;
        let (rows, width) = match self.down_first {
            true => (rows, self.row_bytes),
            false => {
                let width = 4 * self.across.len();
                self.between.resize(ROWS * width, 0);
                self.across.narrow(rows, &mut self.between);
                (four(&self.between, width, width), width)
            }
        };
        while self
            .down
            .get(self.begun)
            .is_some_and(|taps| taps.first < self.seen)
        {
            self.begun += 1;
            let mut sums = self.spare.pop().unwrap_or_default();
            sums.clear();
            sums.resize(width, HALF);
            self.open.push_back(sums);
        }
        let first = self.begun - self.open.len();
        for (taps, sums) in self.down[first..self.begun].iter().zip(&mut self.open) {
            let weight = |y| Some(*taps.weights.get(usize::checked_sub(y, taps.first)?)?);
            let weights = std::array::from_fn(|i| match i < count {
                true => weight(start + i).unwrap_or(0),
                false => 0,
            });
            self.kernel.add_rows(sums, rows, weights);
        }
        while self.first_is_complete() {
            self.close();
        }
    }

    fn first_is_complete(&self) -> bool {
        let first = &self.down[self.begun - self.open.len()..self.begun];
        first
            .first()
            .is_some_and(|taps| taps.first + taps.weights.len() <= self.seen)
    }

    /// Ends the first open row.
    fn close(&mut self) {
        let Some(sums) = self.open.pop_front() else {
            return;
        };
        if self.down_first {
            self.between.extend(sums.iter().copied().map(to_byte));
            if self.between.len() == ROWS * self.row_bytes {
                self.narrow_between();
            }
        } else {
            let (pixels, _) = sums.as_chunks::<4>();
            let rgb = |&[r, g, b, _]: &[i32; 4]| [r, g, b].map(to_byte);
            self.done.extend(pixels.iter().flat_map(rgb));
        }
        self.spare.push(sums);
    }

    /// The second pass, of rows that had the first one.
    fn narrow_between(&mut self) {
        let count = self.between.len() / self.row_bytes;
        let rows = four(&self.between, self.row_bytes, self.row_bytes);
        let mut narrow = vec![0; ROWS * 4 * self.across.len()];
        self.across.narrow(rows, &mut narrow);
        let (pixels, _) = narrow.as_chunks::<4>();
        let pixels = pixels.iter().take(count * self.across.len());
        self.done.extend(pixels.flat_map(|&[r, g, b, _]| [r, g, b]));
        self.between.clear();
    }

    /// What came out, upright, interleaved RGB, of [`Plan::size`]. Rows that never came are black.
    pub fn finish(mut self) -> Vec<u8> {
        if !self.waiting.is_empty() {
            self.take_waiting();
        }
        if self.down_first && !self.between.is_empty() {
            self.narrow_between();
        }
        let (width, height) = (self.across.len(), self.down.len());
        self.done.resize(3 * width * height, 0);
        self.orientation.turn(self.done, width, height)
    }
}

/// The first rows; where there are fewer, the last one stands in for those that are missing.
fn four(rows: &[u8], row_bytes: usize, stride: usize) -> [&[u8]; ROWS] {
    let last = rows.len().div_ceil(stride) - 1;
    std::array::from_fn(|y| {
        let at = stride * y.min(last);
        &rows[at..at + row_bytes]
    })
}

fn is_opaque(rgba: &[u8]) -> bool {
    let (pixels, _) = rgba.as_chunks::<4>();
    // Whole pixels, and no way out in the middle: so many are looked at at once.
    let and = |all, pixel: &[u8; 4]| all & u32::from_ne_bytes(*pixel);
    let [.., alpha] = pixels.iter().fold(u32::MAX, and).to_ne_bytes();
    alpha == 255
}

fn lay_over_white(rgba: &mut [u8]) {
    if is_opaque(rgba) {
        return;
    }
    let (pixels, _) = rgba.as_chunks_mut::<4>();
    for [r, g, b, alpha] in pixels {
        for colour in [r, g, b] {
            *colour = over_white(*colour, *alpha);
        }
    }
}

#[cfg(test)]
mod tests;
