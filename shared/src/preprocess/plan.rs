//! Which of a stored photo's pixels a view needs, and their weights.

use std::ops::Range;

use super::crop::{Geometry, Square};
use super::orient::Orientation;
use super::taps::{Taps, span, taps, vertical_first};
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

impl<'a> View<'a> {
    /// What the model sees by itself: the recipe's own crop.
    pub fn of_crop(recipe: &'a Recipe) -> Self {
        Self {
            recipe,
            square: None,
            whole: false,
        }
    }
}

/// Which rows and columns of a stored photo are needed for a view, and what is made of them.
pub struct Plan {
    pub(super) orientation: Orientation,
    /// Of the stored columns; `first` counts from `columns.start`.
    pub(super) across: Vec<Taps>,
    /// Of the stored rows; `first` counts from `rows.start`.
    pub(super) down: Vec<Taps>,
    /// Whether the pass of the stored rows comes first.
    pub(super) down_first: bool,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layout;
    use std::collections::BTreeMap;

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
