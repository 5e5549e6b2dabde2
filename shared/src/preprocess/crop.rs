//! Where the crop lies: sizes and offsets, as the notebook computes them.

use serde::{Deserialize, Serialize};

use crate::model::Recipe;

/// Sizes of the resized photo, which is never made whole, and the crop's place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Width of the whole photo after the resize, pixels.
    pub resized_width: u32,
    /// Height of the whole photo after the resize, pixels.
    pub resized_height: u32,
    /// Columns left of the crop.
    pub left: u32,
    /// Rows above the crop.
    pub top: u32,
    /// Side of the crop, pixels.
    pub side: u32,
}

impl Geometry {
    /// The shortest side becomes `recipe.resize`, the other `round(resize / shortest * side)` with
    /// ties to even, as Python's `round`; the crop starts at `(size - crop) / 2`, rounded down.
    ///
    /// Sides are at least 1 (an [`RgbImage`](super::RgbImage) has no empty side).
    pub fn new(width: u32, height: u32, recipe: &Recipe) -> Self {
        let scale = f64::from(recipe.resize) / f64::from(width.min(height));
        let scaled = |side: u32| (scale * f64::from(side)).round_ties_even() as u32;
        let (resized_width, resized_height) = (scaled(width), scaled(height));
        Self {
            resized_width,
            resized_height,
            left: (resized_width - recipe.crop) / 2,
            top: (resized_height - recipe.crop) / 2,
            side: recipe.crop,
        }
    }
}

/// A square of a photo that somebody chose to show the model, in pixels of the upright photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Square {
    /// Columns left of it.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// Its side.
    pub side: u32,
}

impl Square {
    /// Whether it lies inside a photo and is not empty.
    pub fn is_inside(&self, width: u32, height: u32) -> bool {
        let fits = |start: u32, whole| start.checked_add(self.side).is_some_and(|end| end <= whole);
        self.side > 0 && fits(self.left, width) && fits(self.top, height)
    }

    /// The square, of the nearest whole pixels, that a recipe's own centre crop covers.
    pub fn of_recipe(width: u32, height: u32, recipe: &Recipe) -> Self {
        let geometry = Geometry::new(width, height, recipe);
        let scale = f64::from(width.min(height)) / f64::from(recipe.resize);
        let pixels = |resized: u32| (f64::from(resized) * scale).round() as u32;
        let side = pixels(geometry.side).clamp(1, width.min(height));
        Self {
            left: pixels(geometry.left).min(width - side),
            top: pixels(geometry.top).min(height - side),
            side,
        }
    }
}

/// A rectangle of a photo's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Columns left of it.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layout;
    use std::collections::BTreeMap;

    fn geometry(width: u32, height: u32) -> Geometry {
        let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
        Geometry::new(width, height, &recipe)
    }

    #[test]
    fn the_shortest_side_becomes_256() {
        let wide = geometry(4000, 3000);
        assert_eq!((wide.resized_width, wide.resized_height), (341, 256));
        assert_eq!((wide.left, wide.top), (58, 16));
        let tall = geometry(1, 9);
        assert_eq!((tall.resized_width, tall.resized_height), (256, 2304));
    }

    #[test]
    fn the_recipes_square_lies_under_its_crop() {
        let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
        let square = Square::of_recipe(4000, 3000, &recipe);
        assert_eq!((square.left, square.top, square.side), (680, 188, 2625));
        assert!(square.is_inside(4000, 3000));
        assert!(Square::of_recipe(1, 9, &recipe).is_inside(1, 9));
        assert!(
            !Square {
                left: u32::MAX,
                ..square
            }
            .is_inside(4000, 3000)
        );
    }

    #[test]
    fn a_half_rounds_to_even() {
        // 256 / 512 * 513 = 256.5 and 256 / 512 * 515 = 257.5
        assert_eq!(geometry(513, 512).resized_width, 256);
        assert_eq!(geometry(515, 512).resized_width, 258);
    }
}
