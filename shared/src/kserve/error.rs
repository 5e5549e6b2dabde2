//! Why bytes are no message.

use crate::tensor::{DataType, Shape, TensorError};

/// Why bytes are no message. Each text names what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The header's length is more than the body's or the limit's.
    #[error("the JSON header's length is {header_len} bytes; expected 1 to {limit}")]
    HeaderLength {
        /// The length as given.
        header_len: usize,
        /// The most that would do: the body's length, or
        /// [`MAX_HEADER`](super::binary::MAX_HEADER) where that is less.
        limit: usize,
    },
    /// The JSON is none of the protocol.
    #[error("the JSON cannot be read: {reason}")]
    Json {
        /// The parser's words, with line and column.
        reason: String,
    },
    /// There is nothing in it.
    #[error("expected at least one tensor, found none")]
    NoTensors,
    /// Two tensors of one name.
    #[error("tensor \"{name}\" is there twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// A datatype that Conch does not handle.
    #[error("tensor \"{name}\": expected a datatype like UINT8 or FP32, found \"{found}\"")]
    UnknownDataType {
        /// The tensor's name.
        name: String,
        /// The datatype as given.
        found: String,
    },
    /// A dimension below 0 or beyond what a machine can hold.
    #[error("tensor \"{name}\": expected dimensions of 0 or more, found {found}")]
    Dimension {
        /// The tensor's name.
        name: String,
        /// The dimension as given.
        found: i64,
    },
    /// The tensor is neither in the JSON nor behind it, or in both.
    #[error(
        "tensor \"{name}\": expected either data or the parameter binary_data_size, found {found}"
    )]
    Source {
        /// The tensor's name.
        name: String,
        /// `none` or `both`.
        found: &'static str,
    },
    /// The tensor is in memory that client and server share.
    #[error(
        "tensor \"{name}\": shared memory is closed; expected data or the parameter binary_data_size"
    )]
    SharedMemory {
        /// The tensor's name.
        name: String,
    },
    /// A tensor in JSON of a datatype that JSON has no numbers for.
    #[error(
        "tensor \"{name}\": {datatype} has no form in JSON; expected the parameter binary_data_size"
    )]
    NotInJson {
        /// The tensor's name.
        name: String,
        /// Its datatype.
        datatype: DataType,
    },
    /// An element in JSON that is no value of the tensor's datatype.
    #[error("tensor \"{name}\": expected {datatype} at position {position} of data, found {found}")]
    Element {
        /// The tensor's name.
        name: String,
        /// Its datatype.
        datatype: DataType,
        /// Which element, counted from 0.
        position: usize,
        /// The beginning of what is there.
        found: String,
    },
    /// Too few or too many elements in JSON.
    #[error("tensor \"{name}\": shape {shape} takes {expected} elements in data, found {found}")]
    Count {
        /// The tensor's name.
        name: String,
        /// Its shape.
        shape: Shape,
        /// The shape's number of elements.
        expected: usize,
        /// Elements that are there.
        found: usize,
    },
    /// Lists within lists, more than there are dimensions.
    #[error("tensor \"{name}\": shape {shape} takes lists nested {limit} deep in data, found more")]
    Nesting {
        /// The tensor's name.
        name: String,
        /// Its shape.
        shape: Shape,
        /// The shape's number of dimensions, or 1 where it has none.
        limit: usize,
    },
    /// Texts that are none: lengths that do not add up, or bytes that are not UTF-8.
    #[error("tensor \"{name}\": expected {expected}, found {found}")]
    Texts {
        /// The tensor's name.
        name: String,
        /// What should be there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// Size, shape and datatype disagree.
    #[error("tensor \"{name}\": {source}")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// What disagrees.
        source: TensorError,
    },
    /// The tensors' sizes do not add up to the body's length.
    #[error("expected {expected} bytes of tensors after the JSON header, found {actual}")]
    BodyLength {
        /// Sum of the sizes in the header.
        expected: usize,
        /// Bytes that are there.
        actual: usize,
    },
}
