//! The map itself: what each patch took away, and what that says.

use super::{HALVES, PLACES, Pass, Place};

/// What the model said of one class: of the photo as it is, and of the photo with each patch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heat {
    /// The probability with nothing covered.
    before: f32,
    /// The probability with the patch at each place, row by row; `None`: not asked yet.
    after: Vec<Option<f32>>,
}

/// A drop of the probability for each cell of the crop, row by row; below 0 it rose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cells {
    /// Cells a row, and rows: 7, or 14 once patches overlap.
    pub(crate) across: usize,
    /// `None`: not known yet.
    pub(crate) drops: Vec<Option<f32>>,
    /// The change that is drawn in the full colour.
    pub(crate) scale: f32,
}

/// A cell of the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Cells above it.
    pub(crate) row: usize,
    /// Cells left of it.
    pub(crate) column: usize,
}

/// A third of the crop: 0 is top or left, 1 the middle, 2 bottom or right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Which third of the rows.
    pub(crate) row: usize,
    /// Which third of the columns.
    pub(crate) column: usize,
}

/// What the map says in a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Finding {
    /// Covering one part matters most.
    Part {
        /// Where it is.
        region: Region,
        /// The probability with it covered.
        after: f32,
    },
    /// No patch matters much; the largest drop there is.
    Nothing {
        /// 0 where none lowers it at all.
        largest: f32,
    },
}

impl Heat {
    /// Nothing is known but the probability of the whole photo.
    pub(crate) fn new(before: f32) -> Self {
        Self {
            before,
            after: vec![None; PLACES * PLACES],
        }
    }

    /// The probability with nothing covered.
    pub(crate) fn before(&self) -> f32 {
        self.before
    }

    /// Keeps what the model said with the patch at this place.
    pub(crate) fn set(&mut self, place: Place, after: f32) {
        if let Some(kept) = self.after.get_mut(place.row * PLACES + place.column) {
            *kept = Some(after);
        }
    }

    fn after(&self, place: Place) -> Option<f32> {
        *self.after.get(place.row * PLACES + place.column)?
    }

    fn drop_at(&self, place: Place) -> Option<f32> {
        Some(self.before - self.after(place)?)
    }

    /// The places of a pass that were not asked about yet.
    pub(crate) fn missing(&self, pass: Pass) -> Vec<Place> {
        let mut places = pass.places();
        places.retain(|place| self.after(*place).is_none());
        places
    }

    /// The cells of what is known: where patches overlap, a cell has the mean of the patches that
    /// cover it.
    pub(crate) fn cells(&self) -> Cells {
        let coarse = self.known().all(|(place, _)| is_coarse(place));
        let drops = match coarse {
            true => each(HALVES / 2, |row, column| {
                self.drop_at(Place {
                    row: 2 * row,
                    column: 2 * column,
                })
            }),
            false => each(HALVES, |row, column| self.mean_over(row, column)),
        };
        Cells {
            across: if coarse { HALVES / 2 } else { HALVES },
            scale: self.scale(),
            drops,
        }
    }

    /// The mean of the patches that cover a half patch: one in a corner, four in the middle.
    fn mean_over(&self, row: usize, column: usize) -> Option<f32> {
        let near = |at: usize| at.saturating_sub(1)..=at;
        let over: Vec<f32> = near(row)
            .flat_map(|row| near(column).map(move |column| Place { row, column }))
            .filter(|place| place.row < PLACES && place.column < PLACES)
            .filter_map(|place| self.drop_at(place))
            .collect();
        (!over.is_empty()).then(|| over.iter().sum::<f32>() / over.len() as f32)
    }

    fn known(&self) -> impl Iterator<Item = (Place, f32)> {
        let place = |at| Place {
            row: at / PLACES,
            column: at % PLACES,
        };
        let after = self.after.iter().enumerate();
        after.filter_map(move |(at, after)| Some((place(at), (*after)?)))
    }

    /// How much the patch that lowers the probability most does so, and the one that raises it most;
    /// neither is below 0.
    pub(crate) fn extremes(&self) -> (f32, f32) {
        let drops = || self.known().map(|(_, after)| self.before - after);
        (drops().fold(0.0, f32::max), -drops().fold(0.0, f32::min))
    }

    /// A change that is small: below a twentieth of the probability, or below two points.
    fn small(&self) -> f32 {
        (self.before / 20.0).max(0.02)
    }

    /// The largest change, but never a small one: noise must not glow.
    fn scale(&self) -> f32 {
        let (lowers, raises) = self.extremes();
        lowers.max(raises).max(self.small())
    }

    /// What the map says; `None` while nothing is known.
    pub(crate) fn finding(&self) -> Option<Finding> {
        let (place, after) = self.known().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let largest = self.before - after;
        Some(match largest < self.small() {
            true => Finding::Nothing {
                largest: largest.max(0.0),
            },
            false => Finding::Part {
                region: Region {
                    row: third(place.row),
                    column: third(place.column),
                },
                after,
            },
        })
    }
}

impl Cells {
    /// The drop in a cell.
    pub(crate) fn drop_in(&self, cell: Cell) -> Option<f32> {
        *self.drops.get(cell.row * self.across + cell.column)?
    }

    /// The cell under a point, each coordinate from 0 to 1.
    pub(crate) fn cell_at(&self, x: f64, y: f64) -> Cell {
        let last = self.across.saturating_sub(1);
        let at = |share: f64| ((share * self.across as f64) as usize).min(last);
        Cell {
            row: at(y),
            column: at(x),
        }
    }

    /// The next cell in a direction, as long as there is one.
    pub(crate) fn step(&self, cell: Cell, rows: isize, columns: isize) -> Cell {
        let last = self.across.saturating_sub(1);
        let step = |at: usize, by| at.min(last).saturating_add_signed(by).min(last);
        Cell {
            row: step(cell.row, rows),
            column: step(cell.column, columns),
        }
    }
}

fn is_coarse(place: Place) -> bool {
    place.row.is_multiple_of(2) && place.column.is_multiple_of(2)
}

fn each(across: usize, value: impl Fn(usize, usize) -> Option<f32>) -> Vec<Option<f32>> {
    let cells = 0..across * across;
    cells.map(|at| value(at / across, at % across)).collect()
}

/// Which third of the crop the middle of a patch lies in, along one side.
fn third(half: usize) -> usize {
    (half + 1) * 3 / HALVES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: usize, column: usize) -> Place {
        Place { row, column }
    }

    /// A map of a photo at 0.5, with these probabilities.
    fn heat(after: &[(usize, usize, f32)]) -> Heat {
        let mut heat = Heat::new(0.5);
        for (row, column, after) in after {
            heat.set(place(*row, *column), *after);
        }
        heat
    }

    #[test]
    fn a_coarse_map_has_a_cell_a_patch() {
        let cells = heat(&[(0, 0, 0.25), (12, 2, 0.75)]).cells();
        assert_eq!((cells.across, cells.drops.len()), (7, 49));
        assert_eq!(cells.drop_in(Cell::default()), Some(0.25));
        assert_eq!(cells.drop_in(Cell { row: 6, column: 1 }), Some(-0.25));
        assert_eq!(cells.drop_in(Cell { row: 6, column: 2 }), None);
        assert_eq!(cells.drop_in(Cell { row: 7, column: 0 }), None);
    }

    #[test]
    fn a_fine_maps_cell_has_the_mean_of_the_patches_that_cover_it() {
        let heat = heat(&[(0, 0, 0.25), (0, 1, 0.5), (1, 0, 0.125), (1, 1, 0.125)]);
        let cells = heat.cells();
        assert_eq!((cells.across, cells.drops.len()), (14, 196));
        let drop = |row, column| cells.drop_in(Cell { row, column });
        assert_eq!(drop(0, 0), Some(0.25));
        assert_eq!(drop(0, 1), Some(0.125));
        assert_eq!(drop(1, 1), Some(0.25));
        assert_eq!(drop(2, 2), Some(0.375));
        assert_eq!(drop(3, 3), None);
    }

    #[test]
    fn the_corners_of_a_full_map_are_covered_once() {
        let mut full = Heat::new(0.5);
        for place in Pass::Fine.places() {
            let is_last = place
                == Place {
                    row: 12,
                    column: 12,
                };
            full.set(place, if is_last { 0.25 } else { 0.5 });
        }
        assert_eq!(full.missing(Pass::Fine), []);
        let cells = full.cells();
        assert_eq!(
            cells.drop_in(Cell {
                row: 13,
                column: 13
            }),
            Some(0.25)
        );
        assert_eq!(
            cells.drop_in(Cell {
                row: 12,
                column: 12
            }),
            Some(0.0625)
        );
        assert_eq!(
            cells.drop_in(Cell {
                row: 11,
                column: 11
            }),
            Some(0.0)
        );
    }

    #[test]
    fn the_strongest_patch_is_named_by_the_third_that_its_middle_is_in() {
        let finding = |row, column| heat(&[(6, 4, 0.4), (row, column, 0.0625)]).finding();
        for (row, column, third_row, third_column) in
            [(6, 0, 1, 0), (0, 12, 0, 2), (6, 6, 1, 1), (10, 4, 2, 1)]
        {
            let region = Region {
                row: third_row,
                column: third_column,
            };
            let expected = Finding::Part {
                region,
                after: 0.0625,
            };
            assert_eq!(finding(row, column), Some(expected));
        }
    }

    #[test]
    fn small_drops_are_nothing_and_do_not_glow() {
        assert_eq!(Heat::new(0.5).finding(), None);
        let small = heat(&[(0, 0, 0.484_375), (0, 2, 0.5)]);
        let largest = 0.015_625;
        assert_eq!(small.finding(), Some(Finding::Nothing { largest }));
        assert!(small.cells().scale > 1.5 * largest);
        let raised = heat(&[(0, 0, 0.75)]);
        assert_eq!(raised.finding(), Some(Finding::Nothing { largest: 0.0 }));
        assert_eq!(
            (raised.extremes(), raised.cells().scale),
            ((0.0, 0.25), 0.25)
        );
    }

    #[test]
    fn what_was_asked_is_not_asked_again() {
        let heat = heat(&[(6, 6, 0.5)]);
        assert_eq!(heat.missing(Pass::Coarse).len(), 48);
        assert!(!heat.missing(Pass::Fine).contains(&place(6, 6)));
    }

    #[test]
    fn a_step_stays_on_the_map() {
        let cells = Heat::new(0.5).cells();
        let corner = cells.step(Cell { row: 13, column: 0 }, 1, -1);
        assert_eq!(corner, Cell { row: 6, column: 0 });
        assert_eq!(cells.step(corner, -1, 1), Cell { row: 5, column: 1 });
        assert_eq!(cells.cell_at(1.0, 0.2), Cell { row: 1, column: 6 });
        assert_eq!(cells.cell_at(-0.1, 2.0), Cell { row: 6, column: 0 });
    }
}
