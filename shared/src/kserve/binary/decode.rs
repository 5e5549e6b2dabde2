//! Bytes into messages.

use bytes::Bytes;
use serde::Deserialize;

use super::header::{Request, RequestedOutput as Requested, Response, Tensor as TensorHeader};
use super::{CodecError, MAX_HEADER};
use crate::kserve::{InferRequest, InferResponse, NamedTensor, Output, RequestedOutput, Values};
use crate::kserve::{json, texts};
use crate::tensor::{DataType, Shape, Tensor};

/// Reads a request with a JSON header of this length. Binary tensors share `body`'s bytes; nothing
/// is copied.
///
/// # Errors
/// On any length, shape, datatype, number or name that does not add up.
pub fn decode_request(body: &Bytes, header_len: usize) -> Result<InferRequest, CodecError> {
    let (header, data) = split(body, header_len)?;
    request(header, &data)
}

/// Reads a request whose JSON may hold tensors and so be of any length: alone, as clients send it
/// without the HTTP header [`HEADER_LENGTH`](crate::kserve::HEADER_LENGTH), or with binary tensors
/// behind it. Takes time and memory in proportion to `body`.
///
/// # Errors
/// As [`decode_request`].
pub fn decode_json_request(body: &Bytes, header_len: usize) -> Result<InferRequest, CodecError> {
    let limit = body.len();
    if header_len > limit {
        return Err(CodecError::HeaderLength { header_len, limit });
    }
    request(parse(&body[..header_len])?, &body.slice(header_len..))
}

/// Reads a response with a JSON header of this length, or that is JSON alone where the length is
/// the body's. Binary tensors share `body`'s bytes; nothing is copied.
///
/// # Errors
/// As [`decode_request`].
pub fn decode_response(body: &Bytes, header_len: usize) -> Result<InferResponse, CodecError> {
    let (header, data): (Response<'_>, Bytes) = match header_len == body.len() {
        true => (parse(body)?, Bytes::new()),
        false => split(body, header_len)?,
    };
    Ok(InferResponse {
        model_name: header.model_name,
        model_version: header.model_version,
        id: header.id,
        outputs: tensors(header.outputs, &data)?,
    })
}

fn split<'a, H: Deserialize<'a>>(
    body: &'a Bytes,
    header_len: usize,
) -> Result<(H, Bytes), CodecError> {
    let limit = body.len().min(MAX_HEADER);
    if header_len == 0 || header_len > limit {
        return Err(CodecError::HeaderLength { header_len, limit });
    }
    Ok((parse(&body[..header_len])?, body.slice(header_len..)))
}

fn parse<'a, H: Deserialize<'a>>(json: &'a [u8]) -> Result<H, CodecError> {
    serde_json::from_slice(json).map_err(|error| CodecError::Json {
        reason: error.to_string(),
    })
}

fn request(header: Request<'_>, data: &Bytes) -> Result<InferRequest, CodecError> {
    let binary_output = header.parameters.binary_data_output;
    let unknown = |name| CodecError::UnknownDataType {
        name,
        found: texts::BYTES.to_owned(),
    };
    // Before they are read: millions of short texts would take many times the body's memory.
    if let Some(texts) = (header.inputs.iter()).find(|input| input.datatype == texts::BYTES) {
        return Err(unknown(texts.name.clone()));
    }
    let input = |Output { name, values, .. }| match values {
        Values::Tensor(tensor) => Ok(NamedTensor { name, tensor }),
        Values::Strings(_) => Err(unknown(name)),
    };
    let output = |Requested { name, parameters }| match parameters.shared_memory_region {
        Some(_) => Err(CodecError::SharedMemory { name }),
        None => Ok(RequestedOutput {
            name,
            // As Triton has it: what the whole request says counts where no output is named.
            binary: parameters.binary_data == Some(true),
            classification: parameters.classification,
        }),
    };
    let inputs = tensors(header.inputs, data)?;
    Ok(InferRequest {
        id: header.id,
        inputs: inputs.into_iter().map(input).collect::<Result<_, _>>()?,
        outputs: header
            .outputs
            .into_iter()
            .map(output)
            .collect::<Result<_, _>>()?,
        binary_output,
        timeout: header.parameters.timeout,
    })
}

/// The tensors that the headers name, from the JSON itself or from the `data` behind it.
fn tensors(headers: Vec<TensorHeader<'_>>, data: &Bytes) -> Result<Vec<Output>, CodecError> {
    if headers.is_empty() {
        return Err(CodecError::NoTensors);
    }
    let actual = data.len();
    let mut end = 0usize;
    let mut tensors: Vec<Output> = Vec::with_capacity(headers.len());
    for header in headers {
        if tensors.iter().any(|earlier| earlier.name == header.name) {
            return Err(CodecError::Twice { name: header.name });
        }
        match Source::of(&header)? {
            Source::Json(text) => tensors.push(from_json(header, text)?),
            Source::Binary(size) => {
                let start = end;
                end = start.saturating_add(size);
                // Bytes that are missing are reported below, once the sum is known.
                if end <= actual {
                    tensors.push(from_binary(header, data.slice(start..end))?);
                }
            }
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

/// Where a tensor's values are.
enum Source<'a> {
    /// In the JSON: the text of `data`.
    Json(&'a str),
    /// Behind it: so many bytes.
    Binary(usize),
}

impl<'a> Source<'a> {
    fn of(header: &TensorHeader<'a>) -> Result<Self, CodecError> {
        let name = || header.name.clone();
        let parameters = &header.parameters;
        if parameters.shared_memory_region.is_some() {
            return Err(CodecError::SharedMemory { name: name() });
        }
        let found = match (header.data, parameters.binary_data_size) {
            (Some(text), None) => return Ok(Self::Json(text.get())),
            (None, Some(size)) => return Ok(Self::Binary(size)),
            (None, None) => "none",
            (Some(_), Some(_)) => "both",
        };
        Err(CodecError::Source {
            name: name(),
            found,
        })
    }
}

fn from_binary(header: TensorHeader<'_>, bytes: Bytes) -> Result<Output, CodecError> {
    let shape = shape(&header)?;
    let values = match header.datatype.as_str() {
        texts::BYTES => Values::Strings(texts::read_binary(&header.name, shape, &bytes)?),
        _ => Values::Tensor(tensor(&header, shape, |_, _| Ok(bytes))?),
    };
    Ok(Output {
        name: header.name,
        values,
        binary: true,
    })
}

fn from_json(header: TensorHeader<'_>, text: &str) -> Result<Output, CodecError> {
    let shape = shape(&header)?;
    let name = &header.name;
    let values = match header.datatype.as_str() {
        texts::BYTES => Values::Strings(texts::read_json(name, shape, text)?),
        _ => Values::Tensor(tensor(&header, shape, |datatype, shape| {
            json::elements(name, text, datatype, shape)
        })?),
    };
    Ok(Output {
        name: header.name,
        values,
        binary: false,
    })
}

fn shape(header: &TensorHeader<'_>) -> Result<Shape, CodecError> {
    let dim = |dim: &i64| {
        usize::try_from(*dim).map_err(|_negative| CodecError::Dimension {
            name: header.name.clone(),
            found: *dim,
        })
    };
    let dims = header.shape.iter().map(dim);
    Ok(Shape::new(dims.collect::<Result<Vec<_>, _>>()?))
}

fn tensor(
    header: &TensorHeader<'_>,
    shape: Shape,
    bytes: impl FnOnce(DataType, &Shape) -> Result<Bytes, CodecError>,
) -> Result<Tensor, CodecError> {
    let name = || header.name.clone();
    let Some(datatype) = DataType::from_name(&header.datatype) else {
        return Err(CodecError::UnknownDataType {
            name: name(),
            found: header.datatype.clone(),
        });
    };
    let bytes = bytes(datatype, &shape)?;
    Tensor::new(datatype, shape, bytes).map_err(|source| CodecError::Tensor {
        name: name(),
        source,
    })
}
