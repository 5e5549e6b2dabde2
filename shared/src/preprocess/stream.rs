//! The resize of a photo that comes row by row, as it is stored, and is never there as a whole.
//!
//! The bytes are those of [`resize`](super::resize), whichever way the photo was stored. Both
//! passes are sums of whole numbers, so neither the order of rows nor their direction shows; which
//! pass comes first does, and that is decided by the upright photo: where rows and columns are
//! swapped, the passes are too. Beside the result it holds a few rows of sums.

use std::collections::VecDeque;
use std::ops::Range;

use super::crop::{Geometry, Square};
use super::orient::Orientation;
use super::resize::{HALF, Taps, resize_row, span, taps, to_byte, vertical_first};
use crate::model::Recipe;

/// What is wanted of a photo.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// How the photo is resized and cropped.
    pub recipe: &'a Recipe,
    /// The square to take, where somebody chose one: all of it is resized to the crop's side.
    pub square: Option<Square>,
    /// The whole photo after the resize, or the whole square, in place of the crop.
    pub whole: bool,
}

/// Which rows and columns of a stored photo are needed for a view, and what is made of them.
pub struct Plan {
    orientation: Orientation,
    /// Of the stored columns; `first` counts from `columns.start`.
    across: Vec<Taps>,
    /// Of the stored rows; `first` counts from `rows.start`.
    down: Vec<Taps>,
    down_first: bool,
    columns: Range<usize>,
    rows: Range<usize>,
}

impl Plan {
    /// A plan for a photo of these stored sides; `None` where a chosen square is not inside.
    pub fn new(stored: (u32, u32), orientation: Orientation, view: View<'_>) -> Option<Self> {
        let (width, height) = orientation.turn_sides(stored);
        let fits = view.square.is_none_or(|it| it.is_inside(width, height));
        fits.then(|| Self::within(stored, orientation, view))
    }

    /// The same; where a chosen square is not inside, a plan for the recipe's own crop.
    pub fn or_crop(stored: (u32, u32), orientation: Orientation, view: View<'_>) -> Self {
        let (width, height) = orientation.turn_sides(stored);
        let square = view.square.filter(|it| it.is_inside(width, height));
        Self::within(stored, orientation, View { square, ..view })
    }

    /// A plan for a view whose square, where there is one, is inside.
    fn within(stored: (u32, u32), orientation: Orientation, view: View<'_>) -> Self {
        let (width, height) = orientation.turn_sides(stored);
        let square_recipe;
        let (left, top, width_seen, height_seen, recipe) = match view.square {
            Some(Square { left, top, side }) => {
                square_recipe = super::square_recipe(view.recipe);
                (left, top, side, side, &square_recipe)
            }
            None => (0, 0, width, height, view.recipe),
        };
        let geometry = Geometry::new(width_seen, height_seen, recipe);
        let (resized_width, resized_height) = (geometry.resized_width, geometry.resized_height);
        let (columns, rows) = match view.whole {
            true => ((0, resized_width), (0, resized_height)),
            false => (
                (geometry.left, geometry.side),
                (geometry.top, geometry.side),
            ),
        };
        let placed = |mut taps: Vec<Taps>, start: u32| {
            taps.iter_mut().for_each(|t| t.first += start as usize);
            taps
        };
        let columns = placed(taps(width_seen, resized_width, columns.0, columns.1), left);
        let rows = placed(taps(height_seen, resized_height, rows.0, rows.1), top);
        let (mut across, mut down) = orientation.turn_sides((columns, rows));
        if orientation.mirrored {
            reverse(&mut across, stored.0 as usize);
        }
        if orientation.flipped {
            reverse(&mut down, stored.1 as usize);
        }
        let (columns, rows) = (span(&across), span(&down));
        across.iter_mut().for_each(|t| t.first -= columns.start);
        down.iter_mut().for_each(|t| t.first -= rows.start);
        Self {
            orientation,
            across,
            down,
            down_first: vertical_first(width_seen, height_seen, &geometry)
                != orientation.transposed,
            columns,
            rows,
        }
    }

    /// The stored columns that are needed.
    pub fn columns(&self) -> Range<usize> {
        self.columns.clone()
    }

    /// The stored rows that are needed.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// The sides of what comes out, upright.
    pub fn size(&self) -> (u32, u32) {
        let sides = (self.across.len() as u32, self.down.len() as u32);
        self.orientation.turn_sides(sides)
    }
}

/// Taps of a side of `length` samples, counted from its other end.
fn reverse(taps: &mut [Taps], length: usize) {
    taps.reverse();
    for taps in taps {
        taps.first = length - taps.first - taps.weights.len();
        taps.weights.reverse();
    }
}

/// A resize under way.
pub struct Stream {
    plan: Plan,
    /// Rows that came.
    seen: usize,
    /// Output rows that were begun.
    begun: usize,
    /// The sums of output rows that are begun and not done, the first of them first.
    open: VecDeque<Vec<i32>>,
    /// Sums to be used again.
    spare: Vec<Vec<i32>>,
    /// A row between the passes.
    between: Vec<u8>,
    /// What is done, in the stored photo's orientation.
    done: Vec<u8>,
}

impl Stream {
    /// Begins; the rows of [`Plan::rows`] are to follow.
    pub fn new(plan: Plan) -> Self {
        let width = match plan.down_first {
            true => plan.columns.len(),
            false => plan.across.len(),
        };
        Self {
            seen: 0,
            begun: 0,
            open: VecDeque::new(),
            spare: Vec::new(),
            between: vec![0; 3 * width],
            done: Vec::with_capacity(3 * plan.across.len() * plan.down.len()),
            plan,
        }
    }

    /// The next stored row, from [`Plan::rows`]'s first on: RGB of [`Plan::columns`].
    pub fn push(&mut self, row: &[u8]) {
        let down = &self.plan.down;
        let y = self.seen;
        self.seen += 1;
        while down.get(self.begun).is_some_and(|taps| taps.first <= y) {
            self.begun += 1;
            let mut sums = self.spare.pop().unwrap_or_default();
            sums.clear();
            sums.resize(self.between.len(), HALF);
            self.open.push_back(sums);
        }
        let row = match self.plan.down_first {
            true => row,
            false => {
                resize_row(row, &self.plan.across, &mut self.between);
                &self.between
            }
        };
        let first = self.begun - self.open.len();
        for (taps, sums) in down[first..self.begun].iter().zip(&mut self.open) {
            let weight = taps.weights.get(y - taps.first).copied().unwrap_or(0);
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += weight * i32::from(*byte);
            }
        }
        while self.first_is_complete() {
            self.close();
        }
    }

    fn first_is_complete(&self) -> bool {
        let first = &self.plan.down[self.begun - self.open.len()..self.begun];
        first
            .first()
            .is_some_and(|taps| taps.first + taps.weights.len() <= self.seen)
    }

    /// Ends the first open row.
    fn close(&mut self) {
        let Some(sums) = self.open.pop_front() else {
            return;
        };
        let bytes = sums.iter().copied().map(to_byte);
        if self.plan.down_first {
            for (between, byte) in self.between.iter_mut().zip(bytes) {
                *between = byte;
            }
            let from = self.done.len();
            self.done.resize(from + 3 * self.plan.across.len(), 0);
            resize_row(&self.between, &self.plan.across, &mut self.done[from..]);
        } else {
            self.done.extend(bytes);
        }
        self.spare.push(sums);
    }

    /// What came out, upright, interleaved RGB, of [`Plan::size`]. Rows that never came are black.
    pub fn finish(mut self) -> Vec<u8> {
        let (width, height) = (self.plan.across.len(), self.plan.down.len());
        self.done.resize(3 * width * height, 0);
        self.plan.orientation.turn(self.done, width, height)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RgbImage, resize_and_crop, resize_whole, square_recipe};
    use super::*;
    use crate::model::Layout;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn noise(width: u32, height: u32, seed: u32) -> Vec<u8> {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        };
        (0..3 * width * height).map(|_| next()).collect()
    }

    fn streamed(stored: &[u8], sides: (u32, u32), turn: Orientation, view: View<'_>) -> Vec<u8> {
        let plan = Plan::new(sides, turn, view).unwrap();
        let (columns, rows) = (plan.columns(), plan.rows());
        let mut stream = Stream::new(plan);
        for row in stored
            .chunks(3 * sides.0 as usize)
            .take(rows.end)
            .skip(rows.start)
        {
            stream.push(&row[3 * columns.start..3 * columns.end]);
        }
        stream.finish()
    }

    /// The reference: the whole photo, turned, cut and resized.
    fn whole(stored: Vec<u8>, sides: (u32, u32), turn: Orientation, view: View<'_>) -> Vec<u8> {
        let (width, height) = turn.turn_sides(sides);
        let upright = turn.turn(stored, sides.0 as usize, sides.1 as usize);
        let mut image = RgbImage::new(width, height, upright).unwrap();
        let mut recipe = view.recipe.clone();
        if let Some(square) = view.square {
            image = image.cut(square).unwrap();
            recipe = square_recipe(&recipe);
        }
        match view.whole {
            true => resize_whole(&image, &recipe).pixels().to_vec(),
            false => resize_and_crop(&image, &recipe),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn rows_give_the_bytes_of_the_whole_photo(
            sides in prop_oneof![
                (1u32..90, 1u32..90), (1u32..400, 1u32..60), (1u32..60, 1u32..400)
            ],
            exif in 0u8..9,
            seed: u32,
            (resize, crop) in (1u32..70).prop_flat_map(|resize| (Just(resize), 1..=resize)),
            square in prop::option::of((0.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64)),
            all: bool,
        ) {
            let turn = Orientation::from_exif(exif);
            let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
            let recipe = Recipe { resize, crop, ..recipe };
            let (width, height) = turn.turn_sides(sides);
            let square = square.map(|(x, y, part)| {
                let side = ((f64::from(width.min(height)) * part) as u32).max(1);
                let at = |share: f64, most: u32| (share * f64::from(most - side + 1)) as u32;
                Square { left: at(x, width), top: at(y, height), side }
            });
            let view = View { recipe: &recipe, square, whole: all };
            let stored = noise(sides.0, sides.1, seed);
            let rows = streamed(&stored, sides, turn, view);
            prop_assert_eq!(rows, whole(stored, sides, turn, view));
        }
    }

    #[test]
    fn a_square_outside_has_no_plan() {
        let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
        let square = Some(Square {
            left: 5,
            top: 0,
            side: 6,
        });
        let view = View {
            recipe: &recipe,
            square,
            whole: false,
        };
        assert!(Plan::new((10, 20), Orientation::default(), view).is_none());
        assert!(Plan::new((10, 20), Orientation::from_exif(6), view).is_some());
    }
}
