//! A component's samples to one a pixel, as libjpeg-turbo does it by default ("fancy upsampling",
//! jdsample.c): a triangle filter where a side doubles, repeated samples for other factors.

use std::ops::Range;

/// How a component's samples become one a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// One sample a pixel already.
    None,
    /// Twice as many columns.
    Across,
    /// Twice as many rows.
    Down,
    /// Twice as many of both.
    Both,
    /// Each sample so many times across and down.
    Repeat(usize, usize),
}

impl Method {
    /// For a component of `width` samples a row that has to grow so many times.
    pub(super) fn new(across: usize, down: usize, width: usize) -> Self {
        match (across, down) {
            (1, 1) => Self::None,
            (2, 1) if width > 2 => Self::Across,
            (1, 2) => Self::Down,
            (2, 2) if width > 2 => Self::Both,
            _ => Self::Repeat(across, down),
        }
    }

    /// Whether a row needs the ones above and below it.
    pub(super) fn needs_neighbours(self) -> bool {
        matches!(self, Self::Down | Self::Both)
    }

    /// The component's row for pixel row `y`, and the other one that is mixed in: above (-1) for
    /// the upper of two pixel rows, below (1) for the lower one.
    pub(super) fn rows(self, y: usize) -> (usize, isize) {
        let neighbour = if y.is_multiple_of(2) { -1 } else { 1 };
        match self {
            Self::None | Self::Across => (y, 0),
            Self::Down | Self::Both => (y / 2, neighbour),
            Self::Repeat(_, down) => (y / down, 0),
        }
    }

    /// The component's columns that pixel columns are made of.
    pub(super) fn columns(self, pixels: &Range<usize>, width: usize) -> Range<usize> {
        let around = |factor: usize| {
            let (first, end) = (pixels.start / factor, (pixels.end - 1) / factor + 1);
            first.saturating_sub(1)..(end + 1).min(width)
        };
        match self {
            Self::None | Self::Down => pixels.clone(),
            Self::Across | Self::Both => around(2),
            Self::Repeat(across, _) => around(across),
        }
    }
}

/// Two rows of samples to mix, and where they lie.
pub(super) struct Source<'a> {
    /// The row, and the one above or below.
    pub(super) near: &'a [u8],
    pub(super) far: &'a [u8],
    /// The component's column that these begin with.
    pub(super) first: usize,
    /// The component's samples a row.
    pub(super) width: usize,
}

/// Makes the samples of `pixels`, of row `y`. `sums` is room for sums, whatever it holds.
pub(super) fn upsample(
    method: Method,
    source: &Source<'_>,
    y: usize,
    pixels: &Range<usize>,
    sums: &mut Vec<u16>,
    target: &mut [u8],
) {
    match method {
        Method::None => {
            let from = pixels.start - source.first;
            target.copy_from_slice(&source.near[from..from + pixels.len()]);
        }
        Method::Down => {
            let from = pixels.start - source.first;
            let bias = if y.is_multiple_of(2) { 1 } else { 2 };
            let rows = source.near[from..].iter().zip(&source.far[from..]);
            for (target, (near, far)) in target.iter_mut().zip(rows) {
                *target = ((3 * u16::from(*near) + u16::from(*far) + bias) >> 2) as u8;
            }
        }
        Method::Across => {
            gather(source, pixels, sums, |near, _| near);
            double::<2>(sums, (1, 2), pixels.start % 2, target);
        }
        Method::Both => {
            gather(source, pixels, sums, |near, far| 3 * near + far);
            double::<4>(sums, (8, 7), pixels.start % 2, target);
        }
        Method::Repeat(across, _) => {
            for (target, x) in target.iter_mut().zip(pixels.clone()) {
                *target = source.near[x / across - source.first];
            }
        }
    }
}

/// The columns that are to be doubled, mixed from two rows, with one more at each end: the
/// neighbour, or at the picture's edge the column itself.
fn gather(
    source: &Source<'_>,
    pixels: &Range<usize>,
    sums: &mut Vec<u16>,
    mix: impl Fn(u16, u16) -> u16 + Clone,
) {
    let (start, end) = (pixels.start / 2, (pixels.end - 1) / 2 + 1);
    let (from, to) = (start.saturating_sub(1), (end + 1).min(source.width));
    let range = from - source.first..to - source.first;
    let rows = source.near[range.clone()].iter().zip(&source.far[range]);
    let columns = rows.map(|(near, far)| mix(u16::from(*near), u16::from(*far)));
    sums.clear();
    if start == 0 {
        sums.extend(columns.clone().next());
    }
    sums.extend(columns);
    if end == source.width {
        sums.extend(sums.last().copied());
    }
}

/// Twice as many columns: three parts of the nearer, one of the farther, `2^SHIFT` parts in all;
/// `biases` are added before the cut, by turns. `skip` is 1 where the first pixel is the right one
/// of its column's two.
#[inline(always)]
fn double<const SHIFT: u32>(sums: &[u16], biases: (u16, u16), skip: usize, target: &mut [u8]) {
    let left = |before: &u16, here: &u16| (3 * here + before + biases.0) >> SHIFT;
    let right = |here: &u16, after: &u16| (3 * here + after + biases.1) >> SHIFT;
    let (mut sums, mut target) = (sums, target);
    if skip == 1
        && let ([_, here, after, ..], Some((first, rest))) =
            (sums, std::mem::take(&mut target).split_first_mut())
    {
        *first = right(here, after) as u8;
        (sums, target) = (&sums[1..], rest);
    }
    let (pairs, odd) = target.as_chunks_mut::<2>();
    let count = pairs.len();
    let (before, here, after) = (&sums[..count], &sums[1..=count], &sums[2..count + 2]);
    for (((pair, before), here), after) in pairs.iter_mut().zip(before).zip(here).zip(after) {
        // As one number: bytes that are stored one by one are not made many at once.
        *pair = (left(before, here) | right(here, after) << 8).to_le_bytes();
    }
    if let (Some(last), [before, here, ..]) = (odd.first_mut(), &sums[count..]) {
        *last = left(before, here) as u8;
    }
}
