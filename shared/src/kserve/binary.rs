//! JSON header and tensor bytes: encode and decode, refusing whatever does not add up.

mod decode;
mod encode;
mod header;

use bytes::Bytes;

pub use super::error::CodecError;
pub use decode::{decode_json_request, decode_request, decode_response};
pub use encode::{encode_parts, encode_request, encode_response};

/// Longest JSON header that only names tensors, bytes: [`decode_request`] and [`decode_response`] read
/// no longer one in front of binary tensors.
pub const MAX_HEADER: usize = 64 * 1024;

/// Bytes of a message and the length of the JSON in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Value of the HTTP header [`HEADER_LENGTH`](super::HEADER_LENGTH); the body's whole length
    /// where nothing is in binary.
    pub header_len: usize,
    /// The JSON, then the tensors.
    pub body: Bytes,
}

/// A message whose tensors are still where they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The JSON in front; its length is the value of [`HEADER_LENGTH`](super::HEADER_LENGTH).
    pub json: Bytes,
    /// What follows, in this order.
    pub tensors: Vec<Bytes>,
}

#[cfg(test)]
mod tests;
