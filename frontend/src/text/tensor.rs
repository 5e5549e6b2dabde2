//! The laboratory: the tensor, its shape, and its bytes.

use conch_shared::model::{Channels, Layout, Recipe};
use conch_shared::tensor::{DataType, Shape};

use super::grouped;
use super::pixels::{colour, count, number, short};
use crate::laboratory::plane::Colour;
use crate::laboratory::position::Position;

pub(crate) const CHANNEL: &str = "Channel";
pub(crate) const OFFSET: &str = "Offset";
pub(crate) const DATATYPE: &str = "Datatype";
pub(crate) const SHAPE: &str = "Shape";
pub(crate) const LAYOUT: &str = "Layout";
pub(crate) const VALUES: &str = "Values";
pub(crate) const TENSOR_BYTES: &str = "Bytes";
pub(crate) const BYTES_SHOWN: &str = "Its bytes are shown as";
pub(crate) const GO_TO: &str = "The picked value; change it to go to another";
pub(crate) const ITS_BYTES: &str = "Its bytes";
pub(crate) const READ: &str = "Read as";
pub(crate) const ITS_NUMBER: &str = "Its number";

/// The normalisation of one byte, with its outcome.
pub(crate) fn formula_of(byte: u8, mean: f32, std: f32, value: f32) -> String {
    format!(
        "({byte} / 255 − {}) / {} = {}",
        short(mean),
        short(std),
        number(value, 4)
    )
}

/// A datatype: its name in the protocol, and what it is.
pub(crate) fn datatype(datatype: DataType) -> String {
    let is = match datatype {
        DataType::Fp32 => "a number of IEEE 754 single precision, 4 bytes",
        _ => "a byte, 0 to 255",
    };
    format!("{datatype}: {is}")
}

/// The layout, in words.
pub(crate) fn layout(recipe: &Recipe) -> String {
    let [first, second, third] = match recipe.channels {
        Channels::Rgb => ["red", "green", "blue"],
        Channels::Bgr => ["blue", "green", "red"],
    };
    match recipe.layout {
        Layout::Nchw => {
            format!("NCHW: all {first}s, then all {second}s, then all {third}s, each row by row")
        }
        Layout::Nhwc => {
            format!("NHWC: pixel by pixel, row by row: {first}, {second}, {third} of each")
        }
    }
}

/// How many values a tensor has, and why.
pub(crate) fn values(shape: &Shape) -> String {
    let dims: Vec<String> = shape.dims().iter().map(usize::to_string).collect();
    let all = shape.len().unwrap_or_default();
    format!("{} = {}", dims.join(" × "), grouped(all))
}

/// How many bytes it has, and why.
pub(crate) fn values_bytes(values: f64, size: f64) -> String {
    match size {
        ..=1.0 => format!("{}: one a value", count(values)),
        _ => format!("{} × {size} = {}", count(values), count(values * size)),
    }
}

/// What a tensor is, of this shape.
pub(crate) fn tensor(recipe: &Recipe) -> String {
    let side = recipe.crop;
    let shape = match recipe.layout {
        Layout::Nchw => format!("1 photo, 3 channels, {side} rows, {side} columns"),
        Layout::Nhwc => format!("1 photo, {side} rows, {side} columns, 3 channels"),
    };
    format!(
        "A tensor is numbers with a datatype and a shape: {shape}. In memory they stand one after the other; here is each of them."
    )
}

/// The choice of the floats that the model takes, where photos are sent as `sent`.
pub(crate) fn as_floats(sent: DataType) -> &'static str {
    match sent {
        DataType::Fp32 => "FP32, as the page sends it and the model takes it",
        _ => "FP32, as the model takes it",
    }
}

/// The choice of the bytes that those are made of.
pub(crate) fn as_bytes(sent: DataType) -> &'static str {
    match sent {
        DataType::Fp32 => "UINT8, before it is normalised",
        _ => "UINT8, as the page sends it",
    }
}

/// The bytes' grid.
pub(crate) fn grid(datatype: &str) -> String {
    format!("The tensor's bytes as {datatype}. The arrow keys pick a value")
}

/// An offset, as the fields and as the rows write it.
pub(crate) fn offset(offset: usize) -> String {
    format!("{} = 0x{offset:06x}", count(offset as f64))
}

/// A value's bytes as they are read.
pub(crate) fn little_endian(bytes: &[u8]) -> String {
    let number = bytes
        .iter()
        .rev()
        .fold(0u32, |all, byte| all << 8 | u32::from(*byte));
    match bytes.len() {
        1 => "one byte: nothing to put in order".to_owned(),
        _ => format!("little-endian, the last byte first: 0x{number:08x}"),
    }
}

/// What is picked, for a screen reader.
pub(crate) fn picked(position: Position, of: Colour, offset: usize, value: &str) -> String {
    format!(
        "{}, row {}, column {}: {value}. Offset {}.",
        colour(of),
        position.row,
        position.column,
        count(offset as f64)
    )
}

/// Why there is no such offset.
pub(crate) fn no_offset(bytes: usize) -> String {
    format!(
        "An offset is a number from 0 to {}, such as 1024 or 0x400.",
        count(bytes.saturating_sub(1) as f64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn a_shape_is_told_in_the_layouts_order() {
        let mut recipe = example::model().recipe;
        assert!(tensor(&recipe).contains("1 photo, 3 channels, 2 rows, 2 columns."));
        assert_eq!(values(&recipe.batch_shape(1)), "1 × 3 × 2 × 2 = 12");
        assert!(layout(&recipe).starts_with("NCHW: all reds, then"));
        recipe.layout = Layout::Nhwc;
        assert!(tensor(&recipe).contains("1 photo, 2 rows, 2 columns, 3 channels."));
        assert_eq!(values(&recipe.batch_shape(1)), "1 × 2 × 2 × 3 = 12");
        assert!(layout(&recipe).starts_with("NHWC: pixel by pixel"));
    }

    #[test]
    fn the_one_that_is_sent_is_named() {
        let sent = |sent| [as_floats(sent), as_bytes(sent)].map(|t| t.contains("the page sends"));
        assert_eq!(sent(DataType::Uint8), [false, true]);
        assert_eq!(sent(DataType::Fp32), [true, false]);
    }

    #[test]
    fn four_bytes_are_read_from_the_last() {
        assert!(little_endian(&[0x1b, 0x4f, 0x06, 0xc0]).ends_with(": 0xc0064f1b"));
    }
}
