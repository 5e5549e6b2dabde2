//! Tensors in JSON: lists of numbers, flat or nested, row-major.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::error::CodecError;
use crate::tensor::{DataType, Shape, Tensor};

/// Longest piece of an unusable element that an error shows, characters.
const MAX_SHOWN: usize = 32;

/// Reads a list into a tensor's bytes. `text` must be well-formed JSON, which is all that the first
/// pass over a body makes sure of; here each element goes straight to its bytes, so that memory is
/// bounded by the shape and by the text, and depth costs nothing.
pub(super) fn elements(
    name: &str,
    text: &str,
    datatype: DataType,
    shape: &Shape,
) -> Result<Bytes, CodecError> {
    let name = || name.to_owned();
    if !datatype.has_json_form() {
        let name = name();
        return Err(CodecError::NotInJson { name, datatype });
    }
    let limit = shape.dims().len().max(1);
    // A shape beyond all memory is refused by its tensor, once the elements are too few for it.
    let expected = shape.len().unwrap_or(usize::MAX);
    // An element and its comma are two characters at least.
    let most = expected.min(text.len() / 2 + 1);
    let mut bytes = Vec::with_capacity(most * datatype.size());
    let (mut at, mut depth, mut count) = (0, 0usize, 0usize);
    while let Some(byte) = text.as_bytes().get(at) {
        let rest = &text[at..];
        at += 1;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
            b'[' if depth == limit => {
                return Err(CodecError::Nesting {
                    name: name(),
                    shape: shape.clone(),
                    limit,
                });
            }
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {
                let element = rest.split([',', ']', ' ', '\t', '\r', '\n']).next();
                let element = element.unwrap_or_default();
                at += element.len() - 1;
                // Beyond the shape's count they are only counted, for the error's sake.
                if count < expected && (depth == 0 || push(&mut bytes, element, datatype).is_none())
                {
                    return Err(CodecError::Element {
                        name: name(),
                        datatype,
                        position: count,
                        found: element.chars().take(MAX_SHOWN).collect(),
                    });
                }
                count += 1;
            }
        }
    }
    if count != expected {
        return Err(CodecError::Count {
            name: name(),
            shape: shape.clone(),
            expected,
            found: count,
        });
    }
    Ok(bytes.into())
}

/// Appends an element's bytes; `None` where it is no value of the datatype.
fn push(bytes: &mut Vec<u8>, element: &str, datatype: DataType) -> Option<()> {
    macro_rules! integer {
        ($type:ty) => {
            bytes.extend_from_slice(&element.parse::<$type>().ok()?.to_le_bytes())
        };
    }
    // Rust's parser rounds to the nearest float of that very width.
    macro_rules! float {
        ($type:ty) => {{
            let number = element.parse::<$type>().ok()?;
            bytes.extend_from_slice(&number.is_finite().then_some(number)?.to_le_bytes());
        }};
    }
    match datatype {
        DataType::Bool => bytes.push(element.parse::<bool>().ok()?.into()),
        DataType::Uint8 => integer!(u8),
        DataType::Uint16 => integer!(u16),
        DataType::Uint32 => integer!(u32),
        DataType::Uint64 => integer!(u64),
        DataType::Int8 => integer!(i8),
        DataType::Int16 => integer!(i16),
        DataType::Int32 => integer!(i32),
        DataType::Int64 => integer!(i64),
        DataType::Fp32 => float!(f32),
        DataType::Fp64 => float!(f64),
        DataType::Fp16 | DataType::Bf16 => return None,
    }
    Some(())
}

/// Writes a tensor as a flat list: floats in the shortest form that reads back to the same bits.
/// NaN and infinity, for which JSON has nothing, become `null`.
pub(super) struct Elements<'a>(pub(super) &'a Tensor);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = self.0.data();
        let datatype = self.0.datatype();
        let mut list = serializer.serialize_seq(Some(data.len() / datatype.size()))?;
        macro_rules! numbers {
            ($type:ty) => {
                for bytes in data.as_chunks::<{ size_of::<$type>() }>().0 {
                    list.serialize_element(&<$type>::from_le_bytes(*bytes))?;
                }
            };
        }
        match datatype {
            DataType::Bool => {
                for byte in data {
                    list.serialize_element(&(*byte != 0))?;
                }
            }
            DataType::Uint8 => numbers!(u8),
            DataType::Uint16 => numbers!(u16),
            DataType::Uint32 => numbers!(u32),
            DataType::Uint64 => numbers!(u64),
            DataType::Int8 => numbers!(i8),
            DataType::Int16 => numbers!(i16),
            DataType::Int32 => numbers!(i32),
            DataType::Int64 => numbers!(i64),
            DataType::Fp32 => numbers!(f32),
            DataType::Fp64 => numbers!(f64),
            DataType::Fp16 | DataType::Bf16 => {}
        }
        list.end()
    }
}

#[cfg(test)]
mod tests;
