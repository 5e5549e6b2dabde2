//! The square that the model sees, moved and resized by hand: pure geometry, in whole pixels of the
//! upright photo.

use conch_shared::preprocess::crop::Square;

/// A point or a way, in pixels of the photo.
pub(crate) type Point = (f64, f64);

/// Smallest side that somebody may choose, pixels, where the model's crop is not much larger.
const SMALLEST: u32 = 16;
/// A step of the keyboard, in shares of the photo's shorter side.
const STEP: f64 = 0.01;
/// The same with Shift, and of a button.
const LARGE_STEP: f64 = 0.1;
/// What one press makes of the square's side.
const ZOOM: f64 = 1.1;

/// What a key or a button does with the square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    /// Moves it, in shares of the photo's shorter side.
    Move(f64, f64),
    /// Makes its side so many times as long; its centre stays.
    Zoom(f64),
    /// Puts the recipe's own square back.
    Reset,
}

impl Act {
    /// What the buttons do.
    pub(crate) const LEFT: Self = Self::Move(-LARGE_STEP, 0.0);
    pub(crate) const RIGHT: Self = Self::Move(LARGE_STEP, 0.0);
    pub(crate) const UP: Self = Self::Move(0.0, -LARGE_STEP);
    pub(crate) const DOWN: Self = Self::Move(0.0, LARGE_STEP);
    pub(crate) const LARGER: Self = Self::Zoom(ZOOM);
    pub(crate) const SMALLER: Self = Self::Zoom(1.0 / ZOOM);

    /// What a key means, by its name in the browser's `KeyboardEvent.key`.
    pub(crate) fn of_key(key: &str, shift: bool) -> Option<Self> {
        let step = if shift { LARGE_STEP } else { STEP };
        Some(match key {
            "ArrowLeft" => Self::Move(-step, 0.0),
            "ArrowRight" => Self::Move(step, 0.0),
            "ArrowUp" => Self::Move(0.0, -step),
            "ArrowDown" => Self::Move(0.0, step),
            "+" | "=" => Self::LARGER,
            "-" | "−" | "_" => Self::SMALLER,
            "0" | "Home" => Self::Reset,
            _ => return None,
        })
    }
}

/// A corner of the square, by the direction from its centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Corner {
    /// The right one, else the left one.
    pub(crate) right: bool,
    /// The lower one, else the upper one.
    pub(crate) lower: bool,
}

/// The photo that squares are chosen in, and how small they may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    width: u32,
    height: u32,
    smallest: u32,
}

impl Field {
    /// A photo, and a model that takes `crop` × `crop` pixels and sees the square `own` unless told
    /// otherwise. A square is at least an eighth of the crop: below, there is little to see.
    pub(crate) fn new(width: u32, height: u32, crop: u32, own: Square) -> Self {
        Self {
            width,
            height,
            smallest: (crop / 8).max(SMALLEST).min(own.side),
        }
    }

    /// Pixels a row, and rows.
    pub(crate) fn size(self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// After a key or a button; `None` is the recipe's own square.
    pub(crate) fn after(self, square: Square, act: Act) -> Option<Square> {
        // A step is at least a pixel.
        let pixels = |share: f64| match share == 0.0 {
            true => 0.0,
            false => share.signum() * (share.abs() * f64::from(self.shorter())).max(1.0),
        };
        match act {
            Act::Move(x, y) => Some(self.moved(square, (pixels(x), pixels(y)))),
            Act::Zoom(factor) => Some(self.zoomed(square, factor)),
            Act::Reset => None,
        }
    }

    /// Moved as far as the photo goes.
    pub(crate) fn moved(self, square: Square, (x, y): Point) -> Square {
        let Square { left, top, side } = square;
        self.placed((f64::from(left) + x, f64::from(top) + y), f64::from(side))
    }

    /// Larger or smaller; its centre stays where the photo lets it.
    pub(crate) fn zoomed(self, square: Square, factor: f64) -> Square {
        let centre = centre(square);
        self.pinched(square, [centre; 2], [centre; 2], factor)
    }

    /// Pulled at a corner; the opposite corner stays. The corner follows the diagonal.
    pub(crate) fn pulled(self, square: Square, corner: Corner, (x, y): Point) -> Square {
        let Square { left, top, side } = square;
        let along = |way: f64, forward: bool| if forward { way } else { -way };
        let wanted = f64::from(side) + (along(x, corner.right) + along(y, corner.lower)) / 2.0;
        let room = |start: u32, whole: u32, forward: bool| match forward {
            true => whole - start,
            false => start + side,
        };
        let most = room(left, self.width, corner.right).min(room(top, self.height, corner.lower));
        let least = f64::from(self.smallest.min(most));
        let new = wanted.round().clamp(least, f64::from(most)) as u32;
        // The far corner is where it was.
        let start = |start: u32, forward: bool| if forward { start } else { start + side - new };
        Square {
            left: start(left, corner.right),
            top: start(top, corner.lower),
            side: new,
        }
    }

    /// Between two fingers that went from `from` to `to`, `factor` times as far apart: what was under
    /// them stays under them.
    pub(crate) fn pinched(
        self,
        square: Square,
        from: [Point; 2],
        to: [Point; 2],
        factor: f64,
    ) -> Square {
        let side = self.side(f64::from(square.side) * factor);
        let factor = side / f64::from(square.side);
        let (before, now, centre) = (middle(from), middle(to), centre(square));
        let new = |before: f64, now: f64, centre: f64| now + (centre - before) * factor;
        let x = new(before.0, now.0, centre.0);
        let y = new(before.1, now.1, centre.1);
        self.placed((x - side / 2.0, y - side / 2.0), side)
    }

    fn shorter(self) -> u32 {
        self.width.min(self.height)
    }

    /// The nearest side that is allowed.
    fn side(self, wanted: f64) -> f64 {
        let (least, most) = (f64::from(self.smallest), f64::from(self.shorter()));
        wanted.round().clamp(least, most)
    }

    /// The nearest square of whole pixels inside the photo.
    fn placed(self, (left, top): Point, side: f64) -> Square {
        let side = side as u32;
        let start = |wanted: f64, whole: u32| {
            let most = whole.saturating_sub(side);
            wanted.round().clamp(0.0, f64::from(most)) as u32
        };
        Square {
            left: start(left, self.width),
            top: start(top, self.height),
            side,
        }
    }
}

/// How far two points lie apart.
pub(crate) fn distance([a, b]: [Point; 2]) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Where a square lies over a photo of this size, however large it is shown: left, top, width and
/// height as CSS percentages.
pub(crate) fn over(square: Square, (width, height): (u32, u32)) -> [String; 4] {
    let share = |part: u32, whole: u32| {
        let percent = 100.0 * f64::from(part) / f64::from(whole.max(1));
        format!("{percent:.4}%")
    };
    [
        share(square.left, width),
        share(square.top, height),
        share(square.side, width),
        share(square.side, height),
    ]
}

fn centre(square: Square) -> Point {
    let half = f64::from(square.side) / 2.0;
    (f64::from(square.left) + half, f64::from(square.top) + half)
}

fn middle([a, b]: [Point; 2]) -> Point {
    (a.0.midpoint(b.0), a.1.midpoint(b.1))
}

#[cfg(test)]
mod tests;
