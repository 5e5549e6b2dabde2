//! JSON header and tensor bytes: encode and decode, refusing whatever does not add up.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{InferRequest, InferResponse, NamedTensor, Output, RequestedOutput, Values};
use crate::tensor::{DataType, Shape, Tensor, TensorError};

/// Longest JSON header that is read, bytes. A header names tensors; it does not hold them.
pub const MAX_HEADER: usize = 64 * 1024;

/// Bytes of a message and the length of the JSON in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Value of the HTTP header [`HEADER_LENGTH`](super::HEADER_LENGTH).
    pub header_len: usize,
    /// The JSON, then the tensors.
    pub body: Bytes,
}

/// Why bytes are no message. Each text names what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The header's length is more than the body's or the limit's.
    #[error("the JSON header's length is {header_len} bytes; expected 1 to {limit}")]
    HeaderLength {
        /// The length as given.
        header_len: usize,
        /// The most that would do: the body's length, or [`MAX_HEADER`] where that is less.
        limit: usize,
    },
    /// The header is no JSON of the protocol.
    #[error("the JSON header cannot be read: {reason}")]
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
    /// The tensor is not in the binary part.
    #[error("tensor \"{name}\": expected the parameter binary_data_size, found none")]
    NotBinary {
        /// The tensor's name.
        name: String,
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

#[derive(Serialize, Deserialize)]
struct RequestHeader {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    inputs: Vec<TensorHeader>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<OutputHeader>,
}

#[derive(Serialize, Deserialize)]
struct ResponseHeader {
    model_name: String,
    #[serde(default)]
    model_version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    outputs: Vec<TensorHeader>,
}

#[derive(Serialize, Deserialize)]
struct TensorHeader {
    name: String,
    shape: Vec<i64>,
    datatype: String,
    #[serde(default)]
    parameters: TensorParameters,
}

#[derive(Default, Serialize, Deserialize)]
struct TensorParameters {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    binary_data_size: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct OutputHeader {
    name: String,
    #[serde(default)]
    parameters: OutputParameters,
}

#[derive(Default, Serialize, Deserialize)]
struct OutputParameters {
    #[serde(default)]
    binary_data: bool,
}

/// A request as it goes over the wire.
pub fn encode_request(request: &InferRequest) -> Frame {
    let header = RequestHeader {
        id: request.id.clone(),
        inputs: headers(&request.inputs),
        outputs: request.outputs.iter().map(OutputHeader::from).collect(),
    };
    frame(&header, &request.inputs)
}

/// A response as it goes over the wire.
pub fn encode_response(response: &InferResponse) -> Frame {
    let tensors: Vec<NamedTensor> = response
        .outputs
        .iter()
        .filter_map(|output| match &output.values {
            Values::Tensor(tensor) => Some(NamedTensor {
                name: output.name.clone(),
                tensor: tensor.clone(),
            }),
            Values::Strings(_) => None,
        })
        .collect();
    let header = ResponseHeader {
        model_name: response.model_name.clone(),
        model_version: response.model_version.clone(),
        id: response.id.clone(),
        outputs: headers(&tensors),
    };
    frame(&header, &tensors)
}

/// Reads a request. The tensors share `body`'s bytes; nothing is copied.
///
/// # Errors
/// On any length, shape, datatype or name that does not add up.
pub fn decode_request(body: &Bytes, header_len: usize) -> Result<InferRequest, CodecError> {
    let (header, data): (RequestHeader, Bytes) = split(body, header_len)?;
    Ok(InferRequest {
        id: header.id,
        inputs: tensors(header.inputs, &data)?,
        outputs: header
            .outputs
            .into_iter()
            .map(|output| RequestedOutput {
                name: output.name,
                binary: output.parameters.binary_data,
                classification: 0,
            })
            .collect(),
        ..InferRequest::default()
    })
}

/// Reads a response. The tensors share `body`'s bytes; nothing is copied.
///
/// # Errors
/// On any length, shape, datatype or name that does not add up.
pub fn decode_response(body: &Bytes, header_len: usize) -> Result<InferResponse, CodecError> {
    let (header, data): (ResponseHeader, Bytes) = split(body, header_len)?;
    Ok(InferResponse {
        model_name: header.model_name,
        model_version: header.model_version,
        id: header.id,
        outputs: tensors(header.outputs, &data)?
            .into_iter()
            .map(|NamedTensor { name, tensor }| Output {
                name,
                values: Values::Tensor(tensor),
                binary: true,
            })
            .collect(),
    })
}

impl From<&RequestedOutput> for OutputHeader {
    fn from(output: &RequestedOutput) -> Self {
        Self {
            name: output.name.clone(),
            parameters: OutputParameters {
                binary_data: output.binary,
            },
        }
    }
}

fn headers(tensors: &[NamedTensor]) -> Vec<TensorHeader> {
    tensors
        .iter()
        .map(|NamedTensor { name, tensor }| TensorHeader {
            name: name.clone(),
            shape: tensor
                .shape()
                .dims()
                .iter()
                .map(|dim| *dim as i64)
                .collect(),
            datatype: tensor.datatype().name().to_owned(),
            parameters: TensorParameters {
                binary_data_size: Some(tensor.data().len()),
            },
        })
        .collect()
}

fn frame(header: &impl Serialize, tensors: &[NamedTensor]) -> Frame {
    let mut body = serde_json::to_vec(header).expect("strings and numbers are always JSON");
    let header_len = body.len();
    body.reserve_exact(tensors.iter().map(|t| t.tensor.data().len()).sum());
    for NamedTensor { tensor, .. } in tensors {
        body.extend_from_slice(tensor.data());
    }
    Frame {
        header_len,
        body: body.into(),
    }
}

fn split<H: for<'de> Deserialize<'de>>(
    body: &Bytes,
    header_len: usize,
) -> Result<(H, Bytes), CodecError> {
    let limit = body.len().min(MAX_HEADER);
    if header_len == 0 || header_len > limit {
        return Err(CodecError::HeaderLength { header_len, limit });
    }
    let header = serde_json::from_slice(&body[..header_len]).map_err(|error| CodecError::Json {
        reason: error.to_string(),
    })?;
    Ok((header, body.slice(header_len..)))
}

fn tensors(headers: Vec<TensorHeader>, data: &Bytes) -> Result<Vec<NamedTensor>, CodecError> {
    if headers.is_empty() {
        return Err(CodecError::NoTensors);
    }
    let actual = data.len();
    let mut end = 0usize;
    let mut tensors: Vec<NamedTensor> = Vec::with_capacity(headers.len());
    for header in headers {
        if tensors.iter().any(|earlier| earlier.name == header.name) {
            return Err(CodecError::Twice { name: header.name });
        }
        let Some(size) = header.parameters.binary_data_size else {
            return Err(CodecError::NotBinary { name: header.name });
        };
        let start = end;
        end = start.saturating_add(size);
        // Bytes that are missing are reported below, once the sum is known.
        let bytes = data.slice(start.min(actual)..end.min(actual));
        if bytes.len() == size {
            tensors.push(tensor(header, bytes)?);
        }
    }
    if end != actual {
        return Err(CodecError::BodyLength {
            expected: end,
            actual,
        });
    }
    Ok(tensors)
}

fn tensor(header: TensorHeader, bytes: Bytes) -> Result<NamedTensor, CodecError> {
    let TensorHeader {
        name,
        shape,
        datatype,
        ..
    } = header;
    let Some(datatype) = DataType::from_name(&datatype) else {
        return Err(CodecError::UnknownDataType {
            name,
            found: datatype,
        });
    };
    let mut dims = Vec::with_capacity(shape.len());
    for dim in shape {
        match usize::try_from(dim) {
            Ok(dim) => dims.push(dim),
            Err(_) => return Err(CodecError::Dimension { name, found: dim }),
        }
    }
    match Tensor::new(datatype, Shape::new(dims), bytes) {
        Ok(tensor) => Ok(NamedTensor { name, tensor }),
        Err(source) => Err(CodecError::Tensor { name, source }),
    }
}

#[cfg(test)]
mod tests;
