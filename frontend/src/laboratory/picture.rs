//! The crop as a picture: all of it, and a few pixels of it, magnified.

use super::input::Input;
use crate::components::pixels::Rgba;

/// Pixels to each side of the one in the middle of a magnified part.
pub(crate) const AROUND: usize = 4;

/// The picture that the UINT8 tensor holds; without a pixel where it is not the recipe's.
pub(crate) fn crop(input: &Input) -> Rgba {
    Rgba::of_tensor(input.bytes(), input.recipe()).unwrap_or_else(|| Rgba {
        width: 0,
        height: 0,
        bytes: [].into(),
    })
}

/// Red, green and blue of a pixel; `None` outside.
pub(crate) fn pixel(picture: &Rgba, row: usize, column: usize) -> Option<[u8; 3]> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    if row >= height || column >= width {
        return None;
    }
    let at = 4 * (row * width + column);
    let bytes = picture.bytes.get(at..at + 3)?;
    bytes.try_into().ok()
}

/// The pixels around one, [`AROUND`] to each side; those beyond the picture's edge are clear.
pub(crate) fn around(picture: &Rgba, row: usize, column: usize) -> Rgba {
    let side = 2 * AROUND + 1;
    let one = |at: usize| -> [u8; 4] {
        let row = (row + at / side).checked_sub(AROUND);
        let column = (column + at % side).checked_sub(AROUND);
        let found = row.zip(column).and_then(|(r, c)| pixel(picture, r, c));
        found.map_or([0; 4], |[r, g, b]| [r, g, b, 255])
    };
    Rgba {
        width: side as u32,
        height: side as u32,
        bytes: (0..side * side).flat_map(one).collect(),
    }
}

/// Where an arrow, Home, End, Page Up or Page Down leads on a square picture of `side` pixels, as
/// row and column; `far` is with Shift. `None` for other keys.
pub(crate) fn step(
    key: &str,
    far: bool,
    (row, column): (usize, usize),
    side: usize,
) -> Option<(usize, usize)> {
    let by = if far { 10 } else { 1 };
    let last = side.saturating_sub(1);
    let (row, column) = match key {
        "ArrowLeft" => (row, column.saturating_sub(by)),
        "ArrowRight" => (row, column + by),
        "ArrowUp" => (row.saturating_sub(by), column),
        "ArrowDown" => (row + by, column),
        "PageUp" => (row.saturating_sub(side / 8), column),
        "PageDown" => (row + side / 8, column),
        "Home" => (row, 0),
        "End" => (row, last),
        _ => return None,
    };
    Some((row.min(last), column.min(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two by two: 1 2 above 3 4, the number in all three colours.
    fn picture() -> Rgba {
        Rgba {
            width: 2,
            height: 2,
            bytes: (1..=4).flat_map(|n| [n, n, n, 255]).collect(),
        }
    }

    #[test]
    fn a_pixel_is_found_by_row_and_column() {
        assert_eq!(pixel(&picture(), 1, 0), Some([3, 3, 3]));
        assert_eq!(pixel(&picture(), 0, 2), None);
    }

    #[test]
    fn what_lies_beyond_the_edge_is_clear() {
        let part = around(&picture(), 0, 1);
        assert_eq!(pixel(&part, AROUND, AROUND), Some([2, 2, 2]));
        assert_eq!(pixel(&part, AROUND + 1, AROUND - 1), Some([3, 3, 3]));
        assert_eq!(part.bytes[..4], [0; 4]);
    }

    #[test]
    fn keys_stay_on_the_picture() {
        assert_eq!(step("ArrowRight", false, (0, 223), 224), Some((0, 223)));
        assert_eq!(step("ArrowDown", true, (1, 5), 224), Some((11, 5)));
        assert_eq!(step("PageUp", false, (3, 5), 224), Some((0, 5)));
        assert_eq!(step("End", false, (3, 5), 224), Some((3, 223)));
        assert_eq!(step("x", false, (3, 5), 224), None);
    }
}
