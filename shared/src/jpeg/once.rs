//! A file of one scan: each row of units becomes pixels as it is read.

use super::bits::Bits;
use super::huffman::{read_block, skip_block};
use super::planes::Planes;
use super::{Jpeg, JpegError};

pub(super) fn read(
    jpeg: &Jpeg<'_>,
    planes: &mut Planes,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), JpegError> {
    let (frame, parser, scan) = (&jpeg.frame, &jpeg.parser, &jpeg.scan);
    let mut parts = Vec::new();
    for part in &scan.components {
        let quantisation = parser.quantisation(frame.components[part.index].table)?;
        let tables = (parser.dc(part.dc)?, parser.ac(part.ac)?);
        parts.push((part.index, tables, quantisation));
    }
    let mut bits = Bits::new(parser.file(), scan.at);
    let mut last_dc = [0; 4];
    let mut block = [0; 64];
    let units = planes.units();
    let mut read = 0;
    for unit_y in 0..units.end {
        for unit_x in 0..frame.units_across() {
            if parser.restart > 0 && read > 0 && read % parser.restart == 0 {
                bits.restart(((read / parser.restart - 1) % 8) as u8);
                last_dc = [0; 4];
            }
            read += 1;
            // What is missing is grey, as libjpeg leaves it.
            let is_over = bits.is_over();
            for (index, (dc, ac), quantisation) in &parts {
                let (h, v) = planes.blocks_of_unit(*index);
                let plane = &mut planes.planes[*index];
                for (row, column) in (0..v).flat_map(|row| (0..h).map(move |x| (row, x))) {
                    let column = unit_x * h + column;
                    let is_wanted = unit_y >= units.start && plane.wants(column);
                    let last_dc = &mut last_dc[*index];
                    if !is_wanted {
                        if !is_over {
                            skip_block(&mut bits, (dc, ac), last_dc);
                        }
                        continue;
                    }
                    block.fill(0);
                    let last = match is_over {
                        true => 0,
                        false => read_block(&mut bits, (dc, ac), last_dc, &mut block),
                    };
                    plane.put((column, row), &block, quantisation, last);
                }
            }
            if read == 1 && bits.is_over() {
                return Err(JpegError::damaged("there is no picture in it"));
            }
        }
        if unit_y >= units.start {
            planes.give(unit_y, sink);
        }
    }
    Ok(())
}
