//! How a stored photo stands: EXIF's orientation, without turning the photo.

/// How the stored rows and columns lie in the upright photo (EXIF 2.3, tag 0x0112).
///
/// First the stored photo is mirrored along its own axes, then, where `transposed`, rows become
/// columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    /// Whether the stored rows are the upright photo's columns.
    pub transposed: bool,
    /// Whether the stored columns go from right to left.
    pub mirrored: bool,
    /// Whether the stored rows go from bottom to top.
    pub flipped: bool,
}

impl Orientation {
    /// Of EXIF's number, 1 to 8; anything else is upright.
    pub const fn from_exif(number: u8) -> Self {
        let number = if number < 9 { number } else { 1 };
        Self {
            transposed: number >= 5,
            mirrored: matches!(number, 2 | 3 | 7 | 8),
            flipped: matches!(number, 3 | 4 | 6 | 7),
        }
    }

    /// The sides of the upright photo, of the stored one's, or the other way round.
    pub fn turn_sides<T>(self, (across, down): (T, T)) -> (T, T) {
        match self.transposed {
            true => (down, across),
            false => (across, down),
        }
    }

    /// Turns stored pixels upright: `3 * width * height` bytes, stored sides.
    pub fn turn(self, pixels: Vec<u8>, width: usize, height: usize) -> Vec<u8> {
        if self == Self::default() {
            return pixels;
        }
        let (pixels, _) = pixels.as_chunks::<3>();
        let stored = |x: usize, y: usize| {
            let x = if self.mirrored { width - 1 - x } else { x };
            let y = if self.flipped { height - 1 - y } else { y };
            pixels[y * width + x]
        };
        let (across, down) = self.turn_sides((width, height));
        let mut upright = Vec::with_capacity(3 * pixels.len());
        for y in 0..down {
            for x in 0..across {
                let (x, y) = self.turn_sides((x, y));
                upright.extend(stored(x, y));
            }
        }
        upright
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_turns_as_exif_says() {
        // Stored: three columns, two rows; a pixel is its number.
        let stored: Vec<u8> = (0..6).flat_map(|i| [i; 3]).collect();
        let upright = |number| {
            let turned = Orientation::from_exif(number).turn(stored.clone(), 3, 2);
            turned.chunks(3).map(|pixel| pixel[0]).collect::<Vec<u8>>()
        };
        assert_eq!(upright(1), [0, 1, 2, 3, 4, 5]);
        assert_eq!(upright(2), [2, 1, 0, 5, 4, 3]);
        assert_eq!(upright(3), [5, 4, 3, 2, 1, 0]);
        assert_eq!(upright(4), [3, 4, 5, 0, 1, 2]);
        assert_eq!(upright(5), [0, 3, 1, 4, 2, 5]);
        assert_eq!(upright(6), [3, 0, 4, 1, 5, 2]);
        assert_eq!(upright(7), [5, 2, 4, 1, 3, 0]);
        assert_eq!(upright(8), [2, 5, 1, 4, 0, 3]);
        assert_eq!(upright(9), upright(1));
    }
}
