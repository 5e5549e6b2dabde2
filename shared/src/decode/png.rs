//! PNG, row by row.

use std::io::Cursor;
use std::ops::Range;

use png::{BitDepth, Decoder, DecodingError, Limits, Reader, Transformations};

use super::rows::to_rgb;
use super::whole::sentence_part;
use super::{DecodeError, MAX_DECODER_BYTES};

/// A PNG up to its pixels.
pub(super) struct Rows<'a>(Reader<Cursor<&'a [u8]>>);

/// Opens it; `None` where it is interlaced, so that rows come in another order.
pub(super) fn open(file: &[u8]) -> Result<Option<Rows<'_>>, DecodeError> {
    let limits = Limits {
        bytes: usize::try_from(MAX_DECODER_BYTES).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(Transformations::EXPAND);
    decoder.set_ignore_text_chunk(true);
    let reader = decoder.read_info().map_err(failed)?;
    Ok((!reader.info().interlaced).then_some(Rows(reader)))
}

impl Rows<'_> {
    /// Gives the wanted rows, each as RGB of the wanted columns; reads the others, too, so that a
    /// damaged file is told wherever the damage is.
    pub(super) fn read(
        mut self,
        rows: Range<usize>,
        columns: Range<usize>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), DecodeError> {
        let (colour, depth) = self.0.output_color_type();
        let channels = colour.samples();
        let (mut high, mut rgb) = (Vec::new(), Vec::new());
        let mut y = 0;
        while let Some(row) = self.0.next_row().map_err(failed)? {
            y += 1;
            if !rows.contains(&(y - 1)) {
                continue;
            }
            let samples = channels * columns.start..channels * columns.end;
            let row = match depth {
                // The high byte comes first.
                BitDepth::Sixteen => {
                    let samples = row.data().as_chunks().0[samples].iter();
                    high.clear();
                    high.extend(samples.map(|[high, _]: &[u8; 2]| *high));
                    &high[..]
                }
                _ => &row.data()[samples],
            };
            if channels == 3 {
                sink(row);
            } else {
                to_rgb(row, channels, &mut rgb);
                sink(&rgb);
            }
        }
        match y >= rows.end {
            true => Ok(()),
            false => Err(damaged("it ends before its last row")),
        }
    }
}

fn failed(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::LimitsExceeded => DecodeError::TooMuchMemory { format: "PNG" },
        other => damaged(&other.to_string()),
    }
}

fn damaged(reason: &str) -> DecodeError {
    DecodeError::Damaged {
        format: "PNG",
        reason: sentence_part(reason),
    }
}
