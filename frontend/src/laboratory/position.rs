//! Where a value of the tensor stands: its place in memory, and its channel, row and column.

use conch_shared::model::{Layout, Recipe};

/// A value of one photo's tensor, each part counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Its channel, in the tensor's order.
    pub(crate) channel: usize,
    /// Its row in the crop.
    pub(crate) row: usize,
    /// Its column in the crop.
    pub(crate) column: usize,
}

impl Position {
    /// The position of value number `index`.
    ///
    /// NCHW: `index = (channel * side + row) * side + column`;
    /// NHWC: `index = (row * side + column) * 3 + channel`.
    pub(crate) fn of(index: usize, recipe: &Recipe) -> Self {
        let side = recipe.crop as usize;
        let (channel, pixel) = match recipe.layout {
            Layout::Nchw => (index / (side * side), index % (side * side)),
            Layout::Nhwc => (index % 3, index / 3),
        };
        Self {
            channel,
            row: pixel / side,
            column: pixel % side,
        }
    }

    /// The number of the value here, the other way round.
    pub(crate) fn index(self, recipe: &Recipe) -> usize {
        let side = recipe.crop as usize;
        let pixel = self.row * side + self.column;
        match recipe.layout {
            Layout::Nchw => self.channel * side * side + pixel,
            Layout::Nhwc => 3 * pixel + self.channel,
        }
    }

    /// The nearest position that this recipe's tensor has.
    pub(crate) fn within(self, recipe: &Recipe) -> Self {
        let last = (recipe.crop as usize).saturating_sub(1);
        Self {
            channel: self.channel.min(2),
            row: self.row.min(last),
            column: self.column.min(last),
        }
    }

    /// The same channel of another pixel.
    pub(crate) fn at(self, (row, column): (usize, usize)) -> Self {
        Self {
            row,
            column,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn recipe(layout: Layout) -> Recipe {
        Recipe::from_parameters(&BTreeMap::new(), 5, layout).unwrap()
    }

    #[test]
    fn every_value_has_one_position_and_is_found_again_by_it() {
        for layout in [Layout::Nchw, Layout::Nhwc] {
            let recipe = recipe(layout);
            for index in 0..75 {
                let position = Position::of(index, &recipe);
                assert_eq!(position.index(&recipe), index);
                assert_eq!(position.within(&recipe), position);
            }
        }
    }

    #[test]
    fn the_layout_says_what_comes_second() {
        let second = |layout| Position::of(1, &recipe(layout));
        let first = Position::default();
        assert_eq!(second(Layout::Nchw), Position { column: 1, ..first });
        let green = Position {
            channel: 1,
            ..first
        };
        assert_eq!(second(Layout::Nhwc), green);
    }
}
