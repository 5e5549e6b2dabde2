//! A row of blocks of each component, on its way to rows of pixels.

use std::ops::Range;

use super::colour::convert;
use super::idct::idct;
use super::upsample::{Method, Source, upsample};
use super::{Colours, Frame};

/// The samples of one row of units, and of the last line above it.
pub(super) struct Plane {
    method: Method,
    /// Blocks a unit, across and down.
    h: usize,
    v: usize,
    /// The component's samples a row and its rows, without what fills up the last blocks.
    width: usize,
    height: usize,
    /// The columns of blocks that are wanted.
    blocks: Range<usize>,
    /// Line 0 is the last one of the row of units above, the others are this one's.
    samples: Vec<u8>,
    stride: usize,
}

impl Plane {
    /// Whether a column of blocks is wanted.
    #[inline(always)]
    pub(super) fn wants(&self, column: usize) -> bool {
        self.blocks.contains(&column)
    }

    pub(super) fn blocks(&self) -> Range<usize> {
        self.blocks.clone()
    }

    /// Puts a block in: a wanted column, a row within the unit.
    #[inline(always)]
    pub(super) fn put(
        &mut self,
        (column, row): (usize, usize),
        block: &[i16; 64],
        quantisation: &[u16; 64],
        last: usize,
    ) {
        let at = (1 + 8 * row) * self.stride + 8 * (column - self.blocks.start);
        idct(
            block,
            quantisation,
            last,
            &mut self.samples[at..],
            self.stride,
        );
    }

    /// The component's row `y`, kept to its height, where `unit` is the row of units that is here.
    fn line(&self, y: usize, unit: usize) -> &[u8] {
        let y = y.min(self.height - 1) + 1;
        let at = (y - unit * self.v * 8).min(8 * self.v) * self.stride;
        &self.samples[at..at + self.stride]
    }
}

/// All components, and what of the photo is wanted.
pub(super) struct Planes {
    pub(super) planes: Vec<Plane>,
    colours: Colours,
    rows: Range<usize>,
    columns: Range<usize>,
    height: usize,
    /// Pixel rows in a row of units.
    unit_rows: usize,
    /// Rows that wait for the next row of units: 1 where it is mixed into them.
    held: usize,
    sums: Vec<u16>,
    lines: [Vec<u8>; 4],
    rgbx: Vec<u8>,
}

impl Planes {
    pub(super) fn new(frame: &Frame, rows: Range<usize>, columns: Range<usize>) -> Self {
        let planes: Vec<Plane> = frame
            .components
            .iter()
            .map(|component| {
                let width = (frame.width * component.h).div_ceil(frame.max_h);
                let height = (frame.height * component.v).div_ceil(frame.max_v);
                let grown = (frame.max_h / component.h, frame.max_v / component.v);
                let method = Method::new(grown.0, grown.1, width);
                let samples = method.columns(&columns, width);
                let blocks = samples.start / 8..samples.end.div_ceil(8);
                let stride = 8 * blocks.len();
                Plane {
                    method,
                    h: component.h,
                    v: component.v,
                    width,
                    height,
                    blocks,
                    samples: vec![0; stride * (8 * component.v + 1)],
                    stride,
                }
            })
            .collect();
        let is_mixed = planes.iter().any(|plane| plane.method.needs_neighbours());
        Self {
            planes,
            colours: frame.colours,
            rgbx: vec![0; 4 * columns.len()],
            lines: std::array::from_fn(|_| vec![0; columns.len()]),
            sums: Vec::new(),
            height: frame.height,
            unit_rows: 8 * frame.max_v,
            held: usize::from(is_mixed),
            rows,
            columns,
        }
    }

    /// The rows of units that are needed.
    pub(super) fn units(&self) -> Range<usize> {
        let first = self.rows.start.saturating_sub(self.held) / self.unit_rows;
        let last = (self.rows.end - 1 + self.held).min(self.height - 1) / self.unit_rows;
        first..last + 1
    }

    /// A component's blocks a unit, across and down.
    pub(super) fn blocks_of_unit(&self, component: usize) -> (usize, usize) {
        let plane = &self.planes[component];
        (plane.h, plane.v)
    }

    /// Gives the wanted rows that are complete now that a row of units is.
    pub(super) fn give(&mut self, unit: usize, sink: &mut dyn FnMut(&[u8])) {
        let is_last = (unit + 1) * self.unit_rows >= self.height;
        let start = (unit * self.unit_rows).saturating_sub(self.held);
        let end = match is_last {
            true => self.height,
            false => (unit + 1) * self.unit_rows - self.held,
        };
        for y in start.max(self.rows.start)..end.min(self.rows.end) {
            self.give_row(y, unit);
            sink(&self.rgbx);
        }
        for plane in &mut self.planes {
            let last = plane.samples.len() - plane.stride;
            plane.samples.copy_within(last.., 0);
        }
    }

    fn give_row(&mut self, y: usize, unit: usize) {
        for (plane, target) in self.planes.iter().zip(&mut self.lines) {
            let (row, neighbour) = plane.method.rows(y);
            let far = row.saturating_add_signed(neighbour);
            let source = Source {
                near: plane.line(row, unit),
                far: plane.line(far, unit),
                first: 8 * plane.blocks.start,
                width: plane.width,
            };
            upsample(
                plane.method,
                &source,
                y,
                &self.columns,
                &mut self.sums,
                target,
            );
        }
        convert(
            self.colours,
            self.lines.each_ref().map(Vec::as_slice),
            &mut self.rgbx,
        );
    }
}
