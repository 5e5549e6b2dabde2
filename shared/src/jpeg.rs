//! JPEG, row by row: the bytes that libjpeg-turbo gives by its defaults, which are Pillow's.
//!
//! | module | subject |
//! | --- | --- |
//! | `markers` | the file's segments: frame, tables, scans |
//! | `bits`, `huffman` | entropy-coded bits to coefficients |
//! | `progressive` | the same for a progressive file's scans |
//! | `idct` | coefficients to samples |
//! | `planes`, `upsample`, `colour` | samples to rows of RGBX, of the columns that are wanted |
//! | `once`, `bands` | the two ways through a file |
//!
//! Most photos are one scan: each row of blocks becomes pixels as it is read (`once`). A file of
//! several scans keeps coefficients between them, of as many rows as its memory allows, and is read
//! again for the next ones (`bands`). Taken are Huffman-coded files, sequential and progressive, of
//! 8 bits: grey, of three components, or of four (CMYK). No camera and no editor writes others.

mod bands;
mod bits;
mod colour;
mod huffman;
mod idct;
mod markers;
mod once;
mod planes;
mod progressive;
mod upsample;

#[cfg(test)]
mod tests;

use std::ops::Range;

use markers::{Parser, Scan};
use planes::Planes;

/// Most bytes of coefficients that are kept between scans, unless a single row of units takes more.
const MAX_KEPT: usize = 64 << 20;

/// Why a JPEG gives no pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JpegError(pub String);

impl JpegError {
    fn damaged(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

/// What the frame's header says of a component.
#[derive(Clone, Debug)]
struct Component {
    id: u8,
    /// Samples across and down in the smallest unit of the photo.
    h: usize,
    v: usize,
    /// Which quantisation table it names.
    table: usize,
}

/// What the components of a pixel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    Grey,
    YCbCr,
    Rgb,
    /// Cyan, magenta, yellow and black, 255 for none of an ink, as Adobe stores them and Pillow takes
    /// all.
    Inks,
    /// YCbCr for the first three of these, and black.
    Ycck,
}

/// The frame.
#[derive(Clone, Debug)]
struct Frame {
    width: usize,
    height: usize,
    is_progressive: bool,
    components: Vec<Component>,
    /// The largest of the components' `h` and `v`.
    max_h: usize,
    max_v: usize,
    colours: Colours,
}

impl Frame {
    /// Units of `max_h × max_v` blocks in a row.
    fn units_across(&self) -> usize {
        self.width.div_ceil(8 * self.max_h)
    }

    /// Rows of such units.
    fn units_down(&self) -> usize {
        self.height.div_ceil(8 * self.max_v)
    }
}

/// A JPEG file up to its first scan.
pub struct Jpeg<'a> {
    frame: Frame,
    /// As it is behind the first scan's header.
    parser: Parser<'a>,
    scan: Scan,
    exif: Option<&'a [u8]>,
    /// Most bytes of coefficients that are kept between scans.
    kept: usize,
}

impl<'a> Jpeg<'a> {
    /// Reads a file's headers. `None` for kinds of JPEG that are not taken here.
    ///
    /// # Errors
    /// When the headers are damaged.
    pub fn open(file: &'a [u8]) -> Result<Option<Self>, JpegError> {
        let mut parser = Parser::new(file);
        let scan = parser.next_scan()?;
        let Some(frame) = parser.frame() else {
            return Ok(None);
        };
        let scan = scan.ok_or_else(|| JpegError::damaged("it ends before its picture begins"))?;
        Ok(Some(Self {
            frame,
            exif: parser.exif(),
            parser,
            scan,
            kept: MAX_KEPT,
        }))
    }

    /// The stored sides, pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.frame.width as u32, self.frame.height as u32)
    }

    /// The EXIF data, from its TIFF header on.
    pub fn exif(&self) -> Option<&'a [u8]> {
        self.exif
    }

    /// Gives the wanted rows from top to bottom, each as RGBX of the wanted columns: red, green, blue,
    /// and a byte that does not count. What is missing at the end of a file that was cut is grey.
    ///
    /// # Errors
    /// When there is no picture in it, or its tables are damaged.
    pub fn read(
        &self,
        rows: Range<usize>,
        columns: Range<usize>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), JpegError> {
        let mut planes = Planes::new(&self.frame, rows, columns);
        let is_one = self.scan.components.len() == self.frame.components.len();
        match is_one && !self.frame.is_progressive {
            true => once::read(self, &mut planes, sink),
            false => bands::read(self, &mut planes, sink),
        }
    }
}
