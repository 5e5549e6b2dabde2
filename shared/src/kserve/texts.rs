//! Texts, the datatype `BYTES`: in binary each is its length, 4 bytes little-endian, and then its
//! bytes; in JSON it is a string.

use super::Strings;
use super::error::CodecError;
use crate::tensor::Shape;

/// The protocol's name of the datatype.
pub(super) const BYTES: &str = "BYTES";

/// Bytes of a length.
const PREFIX: usize = size_of::<u32>();

/// How many bytes the texts take in binary.
pub(super) fn binary_len(texts: &Strings) -> usize {
    texts.values.iter().map(|text| PREFIX + text.len()).sum()
}

/// Appends the texts in binary.
pub(super) fn write(texts: &Strings, body: &mut Vec<u8>) {
    for text in &texts.values {
        // A text of 4 GiB does not come up: bodies are far below that.
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        body.extend_from_slice(&len.to_le_bytes());
        body.extend_from_slice(text.as_bytes());
    }
}

/// Reads texts in binary.
pub(super) fn read_binary(
    name: &str,
    shape: Shape,
    mut bytes: &[u8],
) -> Result<Strings, CodecError> {
    let wrong = |expected: &str, found: String| CodecError::Texts {
        name: name.to_owned(),
        expected: expected.to_owned(),
        found,
    };
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let cut = || wrong("whole texts", format!("{} bytes at the end", bytes.len()));
        let (len, rest) = bytes.split_first_chunk().ok_or_else(cut)?;
        let len = u32::from_le_bytes(*len) as usize;
        let (text, rest) = rest.split_at_checked(len).ok_or_else(cut)?;
        let text = std::str::from_utf8(text).map_err(|error| wrong("UTF-8", error.to_string()))?;
        values.push(text.to_owned());
        bytes = rest;
    }
    checked(name, shape, values)
}

/// Reads texts in JSON: one flat list of strings, as Triton writes it.
pub(super) fn read_json(name: &str, shape: Shape, text: &str) -> Result<Strings, CodecError> {
    let values = serde_json::from_str(text).map_err(|error| CodecError::Texts {
        name: name.to_owned(),
        expected: "a list of strings in data".to_owned(),
        found: error.to_string(),
    })?;
    checked(name, shape, values)
}

fn checked(name: &str, shape: Shape, values: Vec<String>) -> Result<Strings, CodecError> {
    if shape.len() != Some(values.len()) {
        return Err(CodecError::Count {
            name: name.to_owned(),
            expected: shape.len().unwrap_or(usize::MAX),
            shape,
            found: values.len(),
        });
    }
    Ok(Strings { shape, values })
}
