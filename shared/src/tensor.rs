//! Tensors whose bytes are known to fit their shape and datatype.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A datatype of the KServe v2 protocol whose elements all have one size; `BYTES`, which has not,
/// is [`Strings`](crate::kserve::Strings).
///
/// Names on the wire are the protocol's (`UINT8`, `FP32`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DataType {
    /// One byte, 0 or 1.
    Bool,
    /// One byte, unsigned: pixels as they are.
    Uint8,
    /// 16-bit unsigned integers.
    Uint16,
    /// 32-bit unsigned integers.
    Uint32,
    /// 64-bit unsigned integers.
    Uint64,
    /// One byte, signed.
    Int8,
    /// 16-bit signed integers.
    Int16,
    /// 32-bit signed integers.
    Int32,
    /// 64-bit signed integers.
    Int64,
    /// IEEE 754 half precision.
    Fp16,
    /// IEEE 754 single precision, little-endian on the wire.
    Fp32,
    /// IEEE 754 double precision.
    Fp64,
    /// The upper half of a single precision number.
    Bf16,
}

impl DataType {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Bool,
        Self::Uint8,
        Self::Uint16,
        Self::Uint32,
        Self::Uint64,
        Self::Int8,
        Self::Int16,
        Self::Int32,
        Self::Int64,
        Self::Fp16,
        Self::Fp32,
        Self::Fp64,
        Self::Bf16,
    ];

    /// The datatype of a protocol's name, if it is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|datatype| datatype.name() == name)
    }

    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            Self::Bool | Self::Uint8 | Self::Int8 => 1,
            Self::Uint16 | Self::Int16 | Self::Fp16 | Self::Bf16 => 2,
            Self::Uint32 | Self::Int32 | Self::Fp32 => 4,
            Self::Uint64 | Self::Int64 | Self::Fp64 => 8,
        }
    }

    /// Whether JSON has numbers for it. As in Triton, 16-bit floats have none.
    pub const fn has_json_form(self) -> bool {
        !matches!(self, Self::Fp16 | Self::Bf16)
    }

    /// The protocol's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "BOOL",
            Self::Uint8 => "UINT8",
            Self::Uint16 => "UINT16",
            Self::Uint32 => "UINT32",
            Self::Uint64 => "UINT64",
            Self::Int8 => "INT8",
            Self::Int16 => "INT16",
            Self::Int32 => "INT32",
            Self::Int64 => "INT64",
            Self::Fp16 => "FP16",
            Self::Fp32 => "FP32",
            Self::Fp64 => "FP64",
            Self::Bf16 => "BF16",
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The sizes of a tensor's dimensions, outermost first; all known (no `-1`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// A shape of these dimensions; a dimension of 0 makes an empty tensor.
    pub fn new(dims: impl Into<Vec<usize>>) -> Self {
        Self(dims.into())
    }

    /// The dimensions, outermost first.
    pub fn dims(&self) -> &[usize] {
        &self.0
    }

    /// Number of elements, or `None` when it does not fit in a `usize`.
    pub fn len(&self) -> Option<usize> {
        self.0
            .iter()
            .try_fold(1usize, |product, dim| product.checked_mul(*dim))
    }

    /// Whether the tensor has no elements.
    pub fn is_empty(&self) -> bool {
        self.0.contains(&0)
    }

    /// Bytes of a tensor of this shape, or `None` when it does not fit in a `usize`.
    pub fn byte_len(&self, datatype: DataType) -> Option<usize> {
        self.len()?.checked_mul(datatype.size())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (position, dim) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{dim}")?;
        }
        f.write_str("]")
    }
}

/// Why bytes, shape and datatype do not make a tensor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TensorError {
    /// The shape's size does not fit in memory at all.
    #[error("a tensor of shape {shape} is too large")]
    TooLarge {
        /// The shape as given.
        shape: Shape,
    },
    /// Too few or too many bytes.
    #[error("{datatype} of shape {shape} takes {expected} bytes, got {actual}")]
    WrongLength {
        /// The tensor's datatype.
        datatype: DataType,
        /// The tensor's shape.
        shape: Shape,
        /// Bytes that shape and datatype ask for.
        expected: usize,
        /// Bytes that are there.
        actual: usize,
    },
    /// The tensor holds another datatype than the caller asks for.
    #[error("expected {expected}, got {actual}")]
    WrongDataType {
        /// What was asked for.
        expected: DataType,
        /// What the tensor holds.
        actual: DataType,
    },
}

/// A dense tensor: row-major, little-endian, as on the wire.
///
/// Cloning is cheap; the bytes are shared.
#[derive(Clone, PartialEq, Eq)]
pub struct Tensor {
    datatype: DataType,
    shape: Shape,
    data: Bytes,
}

impl Tensor {
    /// A tensor of these bytes.
    ///
    /// # Errors
    /// When the number of bytes is not the one that `shape` and `datatype` ask for.
    pub fn new(
        datatype: DataType,
        shape: Shape,
        data: impl Into<Bytes>,
    ) -> Result<Self, TensorError> {
        let data = data.into();
        let Some(expected) = shape.byte_len(datatype) else {
            return Err(TensorError::TooLarge { shape });
        };
        if data.len() != expected {
            return Err(TensorError::WrongLength {
                datatype,
                shape,
                expected,
                actual: data.len(),
            });
        }
        Ok(Self {
            datatype,
            shape,
            data,
        })
    }

    /// A tensor of zeros; of pixels, a black photo.
    ///
    /// # Errors
    /// When its size does not fit in memory at all.
    pub fn zeros(datatype: DataType, shape: Shape) -> Result<Self, TensorError> {
        match shape.byte_len(datatype) {
            Some(bytes) => Self::new(datatype, shape, vec![0; bytes]),
            None => Err(TensorError::TooLarge { shape }),
        }
    }

    /// An FP32 tensor of these values.
    ///
    /// # Errors
    /// When the number of values is not the shape's.
    pub fn from_f32(shape: Shape, values: &[f32]) -> Result<Self, TensorError> {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(DataType::Fp32, shape, data)
    }

    /// The element type.
    pub fn datatype(&self) -> DataType {
        self.datatype
    }

    /// The sizes of the dimensions.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The little-endian bytes.
    pub fn data(&self) -> &Bytes {
        &self.data
    }

    /// The bytes alone, without a copy.
    pub fn into_data(self) -> Bytes {
        self.data
    }

    /// The values of an FP32 tensor.
    ///
    /// # Errors
    /// When the tensor is not FP32.
    pub fn to_f32(&self) -> Result<Vec<f32>, TensorError> {
        if self.datatype != DataType::Fp32 {
            return Err(TensorError::WrongDataType {
                expected: DataType::Fp32,
                actual: self.datatype,
            });
        }
        let (values, _) = self.data.as_chunks::<4>();
        Ok(values.iter().map(|v| f32::from_le_bytes(*v)).collect())
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({} {})", self.datatype, self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_must_fit_shape_and_datatype() {
        let shape = Shape::new([1, 3, 2]);
        assert!(Tensor::new(DataType::Uint8, shape.clone(), vec![0; 6]).is_ok());
        let error = Tensor::new(DataType::Fp32, shape, vec![0; 6]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "FP32 of shape [1, 3, 2] takes 24 bytes, got 6"
        );
    }

    #[test]
    fn a_shape_that_overflows_is_refused() {
        let shape = Shape::new([usize::MAX, 2]);
        let error = Tensor::new(DataType::Uint8, shape, vec![]).unwrap_err();
        assert!(matches!(error, TensorError::TooLarge { .. }));
    }

    #[test]
    fn values_survive_the_bytes() {
        let values = [0.0, -1.5, f32::MAX];
        let tensor = Tensor::from_f32(Shape::new([3]), &values).unwrap();
        assert_eq!(tensor.to_f32().unwrap(), values);
    }
}
