//! A file of several scans, progressive or not: coefficients are kept between them.
//!
//! Those of a 48-megapixel photo would take 144 MB. So they are kept for a band of rows, and where
//! a photo has more than one band, its scans are read again for each. What every block needs for
//! that are 8 bytes (`progressive`).

use std::ops::Range;
use std::rc::Rc;

use super::bits::Bits;
use super::markers::{Parser, Scan};
use super::planes::Planes;
use super::progressive::{Block, Pass};
use super::{Frame, Jpeg, JpegError};

/// Most scans that are read. Encoders write about ten.
const MAX_SCANS: usize = 200;

/// What is kept of a component.
struct Kept {
    /// Blocks a row, and rows, of whole units.
    across: usize,
    /// Blocks across and down without those that only fill up a unit: a scan of this component
    /// alone has no others.
    own: (usize, usize),
    /// Which coefficients are not 0, a block.
    is_set: Vec<u64>,
    /// The columns and rows of blocks whose coefficients are kept.
    columns: Range<usize>,
    rows: Range<usize>,
    values: Vec<[i16; 64]>,
    quantisation: Option<Rc<[u16; 64]>>,
}

impl Kept {
    fn block(&mut self, column: usize, row: usize) -> Block<'_> {
        let place = self.place(column, row);
        Block {
            is_set: &mut self.is_set[row * self.across + column],
            values: place.map(|place| &mut self.values[place]),
        }
    }

    #[inline(always)]
    fn place(&self, column: usize, row: usize) -> Option<usize> {
        let is_kept = self.columns.contains(&column) && self.rows.contains(&row);
        is_kept.then(|| (row - self.rows.start) * self.columns.len() + column - self.columns.start)
    }
}

pub(super) fn read(
    jpeg: &Jpeg<'_>,
    planes: &mut Planes,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), JpegError> {
    let frame = &jpeg.frame;
    let units = planes.units();
    let wanted = planes.planes.iter().enumerate().map(|(index, plane)| {
        let (_, v) = planes.blocks_of_unit(index);
        v * plane.blocks().len() * size_of::<[i16; 64]>()
    });
    let band = (jpeg.kept / wanted.sum::<usize>().max(1)).max(1);
    let mut kept: Vec<Kept> = (0..frame.components.len())
        .map(|index| {
            let (h, v) = planes.blocks_of_unit(index);
            let across = frame.units_across() * h;
            let own = |side: usize, factor: usize, max: usize| (side * factor).div_ceil(8 * max);
            Kept {
                across,
                own: (
                    own(frame.width, h, frame.max_h),
                    own(frame.height, v, frame.max_v),
                ),
                is_set: vec![0; across * frame.units_down() * v],
                columns: planes.planes[index].blocks(),
                rows: 0..0,
                values: Vec::new(),
                quantisation: None,
            }
        })
        .collect();
    for start in units.clone().step_by(band) {
        let band = start..(start + band).min(units.end);
        for (index, kept) in kept.iter_mut().enumerate() {
            let (_, v) = planes.blocks_of_unit(index);
            kept.rows = band.start * v..band.end * v;
            kept.is_set.fill(0);
            kept.values.clear();
            kept.values
                .resize(kept.rows.len() * kept.columns.len(), [0; 64]);
        }
        read_scans(frame, jpeg.parser.clone(), jpeg.scan.clone(), &mut kept)?;
        for unit in band {
            put(planes, &kept, unit)?;
            planes.give(unit, sink);
        }
    }
    Ok(())
}

/// All scans, from the first one on.
fn read_scans(
    frame: &Frame,
    mut parser: Parser<'_>,
    mut scan: Scan,
    kept: &mut [Kept],
) -> Result<(), JpegError> {
    for count in 1.. {
        for part in &scan.components {
            let kept = &mut kept[part.index];
            if kept.quantisation.is_none() {
                let table = frame.components[part.index].table;
                kept.quantisation = Some(parser.quantisation(table)?);
            }
        }
        let (at, has_data) = read_scan(frame, &parser, &scan, kept)?;
        if count == 1 && !has_data {
            return Err(JpegError::damaged("there is no picture in it"));
        }
        parser.go_on_from(at);
        // Where the file breaks off, what came before it is shown.
        match parser.next_scan() {
            Ok(Some(next)) if count < MAX_SCANS => scan = next,
            Ok(Some(_)) => {
                return Err(JpegError::damaged("it has more scans than a photo has"));
            }
            Ok(None) | Err(_) => break,
        }
    }
    Ok(())
}

/// One scan. Gives where it ends, and whether there was anything in it.
fn read_scan(
    frame: &Frame,
    parser: &Parser<'_>,
    scan: &Scan,
    kept: &mut [Kept],
) -> Result<(usize, bool), JpegError> {
    let needs_dc = scan.first == 0 && scan.high == 0;
    let mut tables = Vec::new();
    for part in &scan.components {
        let dc = needs_dc.then(|| parser.dc(part.dc)).transpose()?;
        let ac = (scan.last > 0).then(|| parser.ac(part.ac)).transpose()?;
        tables.push((dc, ac));
    }
    let mut passes: Vec<Pass<'_>> = tables
        .iter()
        .map(|(dc, ac)| Pass::new(scan, frame.is_progressive, dc.as_deref(), ac.as_deref()))
        .collect();
    let mut bits = Bits::new(parser.file(), scan.at);
    let mut steps = Steps::new(parser.restart);
    let mut has_data = false;
    if let ([part], [pass]) = (&scan.components[..], &mut passes[..]) {
        let kept = &mut kept[part.index];
        let (across, down) = kept.own;
        for (row, column) in (0..down).flat_map(|row| (0..across).map(move |x| (row, x))) {
            if steps.is_restart(&mut bits) {
                pass.restart();
            }
            if pass.passes_over() {
                continue;
            }
            if bits.is_over() {
                match parser.restart {
                    0 => break,
                    _ => continue,
                }
            }
            pass.read(&mut bits, kept.block(column, row));
            has_data |= !bits.is_over();
        }
        return Ok((bits.at(), has_data));
    }
    for (unit_y, unit_x) in (0..frame.units_down())
        .flat_map(|unit_y| (0..frame.units_across()).map(move |unit_x| (unit_y, unit_x)))
    {
        if steps.is_restart(&mut bits) {
            passes.iter_mut().for_each(Pass::restart);
        }
        if bits.is_over() {
            match parser.restart {
                0 => break,
                _ => continue,
            }
        }
        for (part, pass) in scan.components.iter().zip(&mut passes) {
            let (h, v) = (
                frame.components[part.index].h,
                frame.components[part.index].v,
            );
            for (row, column) in (0..v).flat_map(|row| (0..h).map(move |x| (row, x))) {
                let block = kept[part.index].block(unit_x * h + column, unit_y * v + row);
                pass.read(&mut bits, block);
            }
        }
        has_data |= !bits.is_over();
    }
    Ok((bits.at(), has_data))
}

/// Counts up to the restart markers.
struct Steps {
    interval: usize,
    left: usize,
    next: u8,
}

impl Steps {
    fn new(interval: usize) -> Self {
        Self {
            interval,
            left: interval,
            next: 0,
        }
    }

    /// Whether a restart comes before this step; if so, the bits are behind it.
    #[inline(always)]
    fn is_restart(&mut self, bits: &mut Bits<'_>) -> bool {
        let is_due = self.interval > 0 && self.left == 0;
        if is_due {
            bits.restart(self.next);
            self.next = (self.next + 1) % 8;
            self.left = self.interval;
        }
        self.left = self.left.saturating_sub(1);
        is_due
    }
}

/// The samples of a row of units.
fn put(planes: &mut Planes, kept: &[Kept], unit: usize) -> Result<(), JpegError> {
    for (index, kept) in kept.iter().enumerate() {
        let (_, v) = planes.blocks_of_unit(index);
        let missing = || JpegError::damaged("a component has no scan");
        let quantisation = kept.quantisation.as_ref().ok_or_else(missing)?;
        for row in 0..v {
            for column in kept.columns.clone() {
                let y = unit * v + row;
                let Some(place) = kept.place(column, y) else {
                    continue;
                };
                let is_set = kept.is_set[y * kept.across + column];
                let last = is_set.checked_ilog2().unwrap_or(0) as usize;
                let block = &kept.values[place];
                planes.planes[index].put((column, row), block, quantisation, last);
            }
        }
    }
    Ok(())
}
