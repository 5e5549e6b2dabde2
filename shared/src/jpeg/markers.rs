//! A JPEG file's segments (ITU-T T.81, annex B).

use std::rc::Rc;

use super::bits::next_marker;
use super::huffman::Table;
use super::{Colours, Component, Frame, JpegError};

/// A scan's header.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    pub(super) components: Vec<ScanComponent>,
    /// The first and the last coefficient, zigzag order.
    pub(super) first: usize,
    pub(super) last: usize,
    /// How many of a coefficient's low bits came before (0: none of it did), and come after.
    pub(super) high: u32,
    pub(super) low: u32,
    /// Where its entropy-coded data begins.
    pub(super) at: usize,
}

/// A component's part in a scan.
#[derive(Clone, Debug)]
pub(super) struct ScanComponent {
    /// Its place in the frame.
    pub(super) index: usize,
    /// The numbers of its Huffman tables.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

/// Reads segments; holds the tables as they are at its place in the file.
#[derive(Clone)]
pub(super) struct Parser<'a> {
    file: &'a [u8],
    at: usize,
    frame: FrameFound,
    is_jfif: bool,
    adobe_transform: Option<u8>,
    exif: Option<&'a [u8]>,
    dc: [Option<Rc<Table>>; 4],
    ac: [Option<Rc<Table>>; 4],
    quantisation: [Option<Rc<[u16; 64]>>; 4],
    /// Units between restart markers; 0 for none.
    pub(super) restart: usize,
}

#[derive(Clone)]
enum FrameFound {
    NotYet,
    /// One that is not taken here.
    Foreign,
    Found(Frame),
}

impl<'a> Parser<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self {
            file,
            at: 2,
            frame: FrameFound::NotYet,
            is_jfif: false,
            adobe_transform: None,
            exif: None,
            dc: Default::default(),
            ac: Default::default(),
            quantisation: Default::default(),
            restart: 0,
        }
    }

    pub(super) fn file(&self) -> &'a [u8] {
        self.file
    }

    pub(super) fn exif(&self) -> Option<&'a [u8]> {
        self.exif
    }

    /// The frame, its colours told; `None` where it is not taken here.
    pub(super) fn frame(&self) -> Option<Frame> {
        let FrameFound::Found(frame) = &self.frame else {
            return None;
        };
        let ids = || frame.components.iter().map(|component| component.id);
        // As libjpeg guesses (default_decompress_parms in jdapimin.c).
        let colours = match (frame.components.len(), self.is_jfif, self.adobe_transform) {
            (1, ..) => Colours::Grey,
            (4, _, None | Some(0)) => Colours::Inks,
            (4, ..) => Colours::Ycck,
            (_, true, _) => Colours::YCbCr,
            (_, _, Some(0)) => Colours::Rgb,
            (_, _, None) if ids().eq(*b"RGB") => Colours::Rgb,
            _ => Colours::YCbCr,
        };
        Some(Frame {
            colours,
            ..frame.clone()
        })
    }

    /// Goes on looking for segments from here.
    pub(super) fn go_on_from(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn dc(&self, number: usize) -> Result<Rc<Table>, JpegError> {
        let table = self.dc[number].clone().filter(|table| table.is_for_dc());
        table.ok_or_else(|| JpegError::damaged("a Huffman table is missing"))
    }

    pub(super) fn ac(&self, number: usize) -> Result<Rc<Table>, JpegError> {
        let table = self.ac[number].clone();
        table.ok_or_else(|| JpegError::damaged("a Huffman table is missing"))
    }

    /// In natural order.
    pub(super) fn quantisation(&self, number: usize) -> Result<Rc<[u16; 64]>, JpegError> {
        let table = self.quantisation[number].clone();
        table.ok_or_else(|| JpegError::damaged("a quantisation table is missing"))
    }

    /// Reads segments up to and with the next scan's header; `None` at the end of the picture, or
    /// where the frame is not taken here.
    pub(super) fn next_scan(&mut self) -> Result<Option<Scan>, JpegError> {
        while let Some((marker, at)) = next_marker(self.file, self.at) {
            self.at = at;
            // Markers that stand alone: TEM, RST, SOI; EOI ends.
            match marker {
                0x01 | 0xD0..=0xD8 => continue,
                0xD9 => return Ok(None),
                _ => {}
            }
            let cut = || JpegError::damaged("it ends within its headers");
            let length = self.file.get(at..).and_then(|rest| rest.first_chunk());
            let length = usize::from(u16::from_be_bytes(*length.ok_or_else(cut)?));
            let body = self.file.get(at + 2..at + length).ok_or_else(cut)?;
            self.at = at + length;
            match marker {
                0xC0..=0xC2 => self.take_frame(marker, body)?,
                0xC4 => self.take_huffman(body)?,
                // Lossless, differential and arithmetic-coded frames.
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => self.frame = FrameFound::Foreign,
                0xDA => return self.take_scan(body),
                0xDB => self.take_quantisation(body)?,
                0xDD => {
                    let units = body.first_chunk().ok_or_else(cut)?;
                    self.restart = usize::from(u16::from_be_bytes(*units));
                }
                0xE0 if body.starts_with(b"JFIF\0") && body.len() >= 14 => self.is_jfif = true,
                0xE1 if self.exif.is_none() => self.exif = body.strip_prefix(b"Exif\0\0"),
                0xEE if body.starts_with(b"Adobe") && body.len() >= 12 => {
                    self.adobe_transform = Some(body[11]);
                }
                _ => {}
            }
            if matches!(self.frame, FrameFound::Foreign) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    fn take_frame(&mut self, marker: u8, body: &[u8]) -> Result<(), JpegError> {
        let damaged = || JpegError::damaged("its frame's header does not add up");
        if matches!(self.frame, FrameFound::Found(_)) {
            return Err(JpegError::damaged("it has a second frame"));
        }
        let (head, rest) = body.split_first_chunk::<6>().ok_or_else(damaged)?;
        let [precision, h1, h0, w1, w0, count] = *head;
        let height = usize::from(u16::from_be_bytes([h1, h0]));
        let width = usize::from(u16::from_be_bytes([w1, w0]));
        let (parts, _) = rest.as_chunks::<3>();
        let parts = parts.get(..usize::from(count)).ok_or_else(damaged)?;
        let mut components: Vec<Component> = parts
            .iter()
            .map(|&[id, factors, table]| Component {
                id,
                h: usize::from(factors >> 4),
                v: usize::from(factors & 15),
                table: usize::from(table),
            })
            .collect();
        let is_sound =
            |c: &Component| (1..=4).contains(&c.h) && (1..=4).contains(&c.v) && c.table < 4;
        if !components.iter().all(is_sound) {
            return Err(damaged());
        }
        if let [only] = &mut components[..] {
            // A lone component's blocks come one by one, whatever its factors.
            (only.h, only.v) = (1, 1);
        }
        let max_h = components.iter().map(|c| c.h).max().unwrap_or(1);
        let max_v = components.iter().map(|c| c.v).max().unwrap_or(1);
        let is_whole = |c: &Component| max_h.is_multiple_of(c.h) && max_v.is_multiple_of(c.v);
        let is_taken = precision == 8
            && width > 0
            && height > 0
            && matches!(components.len(), 1 | 3 | 4)
            && components.iter().all(is_whole);
        self.frame = match is_taken {
            true => FrameFound::Found(Frame {
                width,
                height,
                is_progressive: marker == 0xC2,
                components,
                max_h,
                max_v,
                colours: Colours::YCbCr,
            }),
            false => FrameFound::Foreign,
        };
        Ok(())
    }

    fn take_huffman(&mut self, mut body: &[u8]) -> Result<(), JpegError> {
        let damaged = || JpegError::damaged("a Huffman table does not add up");
        while let Some((class, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
            let count = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(count).ok_or_else(damaged)?;
            let table = Some(Rc::new(Table::new(counts, symbols)?));
            let tables = match class >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(damaged()),
            };
            *tables
                .get_mut(usize::from(class & 15))
                .ok_or_else(damaged)? = table;
            body = rest;
        }
        Ok(())
    }

    fn take_quantisation(&mut self, mut body: &[u8]) -> Result<(), JpegError> {
        let damaged = || JpegError::damaged("a quantisation table does not add up");
        while let Some((head, rest)) = body.split_first() {
            let width = match head >> 4 {
                0 => 1,
                1 => 2,
                _ => return Err(damaged()),
            };
            let (numbers, rest) = rest.split_at_checked(64 * width).ok_or_else(damaged)?;
            let mut table = [0; 64];
            for (number, at) in numbers.chunks(width).zip(super::huffman::NATURAL) {
                let number = number
                    .iter()
                    .fold(0u16, |n, byte| n << 8 | u16::from(*byte));
                table[usize::from(at)] = number;
            }
            let slot = self.quantisation.get_mut(usize::from(head & 15));
            *slot.ok_or_else(damaged)? = Some(Rc::new(table));
            body = rest;
        }
        Ok(())
    }

    fn take_scan(&mut self, body: &[u8]) -> Result<Option<Scan>, JpegError> {
        let damaged = || JpegError::damaged("a scan's header does not add up");
        let FrameFound::Found(frame) = &self.frame else {
            return Err(JpegError::damaged("a scan comes before the frame"));
        };
        let (count, rest) = body.split_first().ok_or_else(damaged)?;
        let (parts, rest) = rest
            .split_at_checked(2 * usize::from(*count))
            .ok_or_else(damaged)?;
        let mut components = Vec::new();
        for &[id, tables] in parts.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|c| c.id == id);
            let component = ScanComponent {
                index: index.ok_or_else(damaged)?,
                dc: usize::from(tables >> 4),
                ac: usize::from(tables & 15),
            };
            let is_new = components
                .iter()
                .all(|c: &ScanComponent| c.index != component.index);
            if !is_new || component.dc > 3 || component.ac > 3 {
                return Err(damaged());
            }
            components.push(component);
        }
        let &[first, last, bits] = rest.first_chunk().ok_or_else(damaged)?;
        let (first, last) = (usize::from(first), usize::from(last));
        let (high, low) = (u32::from(bits >> 4), u32::from(bits & 15));
        let mut scan = Scan {
            components,
            first,
            last,
            high,
            low,
            at: self.at,
        };
        if frame.is_progressive {
            let is_dc = first == 0 && last == 0;
            let is_ac = first > 0 && first <= last && last < 64 && scan.components.len() == 1;
            if !(is_dc || is_ac) || low > 13 || (high != 0 && high != low + 1) {
                return Err(damaged());
            }
        } else {
            (scan.first, scan.last, scan.high, scan.low) = (0, 63, 0, 0);
        }
        match scan.components.is_empty() {
            true => Err(damaged()),
            false => Ok(Some(scan)),
        }
    }
}
