//! Messages into bytes.

use bytes::Bytes;
use serde::Serialize;

use super::{Frame, Parts};
use crate::kserve::json::Elements;
use crate::kserve::texts;
use crate::kserve::{InferRequest, InferResponse, NamedTensor, Output, RequestedOutput, Values};
use crate::tensor::Shape;

#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "RequestParameters::is_default")]
    parameters: RequestParameters,
    inputs: Vec<Input<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<Requested<'a>>,
}

#[derive(Serialize)]
struct RequestParameters {
    binary_data_output: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<u64>,
}

impl RequestParameters {
    fn is_default(&self) -> bool {
        !self.binary_data_output && self.timeout.is_none()
    }
}

#[derive(Serialize)]
struct Input<'a> {
    name: &'a str,
    shape: &'a Shape,
    datatype: &'static str,
    parameters: BinarySize,
}

#[derive(Serialize)]
struct BinarySize {
    binary_data_size: usize,
}

#[derive(Serialize)]
struct Requested<'a> {
    name: &'a str,
    parameters: RequestedParameters,
}

#[derive(Serialize)]
struct RequestedParameters {
    binary_data: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    classification: Option<usize>,
}

#[derive(Serialize)]
struct Response<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    model_name: &'a str,
    model_version: &'a str,
    outputs: Vec<Answer<'a>>,
}

/// An output with its values, or with the size of them behind the JSON.
#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    datatype: &'static str,
    shape: &'a Shape,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BinarySize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Numbers(Elements<'a>),
    Texts(&'a [String]),
}

/// A request as it goes over the wire, all tensors in binary.
pub fn encode_request(request: &InferRequest) -> Frame {
    let Parts { json, tensors } = encode_parts(request);
    let header_len = json.len();
    let mut body = Vec::from(json);
    body.reserve_exact(tensors.iter().map(Bytes::len).sum());
    for tensor in tensors {
        body.extend_from_slice(&tensor);
    }
    Frame {
        header_len,
        body: body.into(),
    }
}

/// The same without a copy: whoever can send several buffers sends these, one behind the other.
pub fn encode_parts(request: &InferRequest) -> Parts {
    let header = Request {
        id: request.id.as_deref(),
        parameters: RequestParameters {
            binary_data_output: request.binary_output,
            timeout: request.timeout,
        },
        inputs: request.inputs.iter().map(Input::from).collect(),
        outputs: request.outputs.iter().map(Requested::from).collect(),
    };
    let inputs = request.inputs.iter();
    Parts {
        json: to_json(&header).into(),
        tensors: inputs.map(|input| input.tensor.data().clone()).collect(),
    }
}

/// A response as it goes over the wire: each output in binary or in JSON, as it says itself, but
/// 16-bit floats in binary only. Floats in JSON must be finite; others become `null`.
pub fn encode_response(response: &InferResponse) -> Frame {
    let header = Response {
        id: response.id.as_deref(),
        model_name: &response.model_name,
        model_version: &response.model_version,
        outputs: response.outputs.iter().map(Answer::from).collect(),
    };
    let mut body = to_json(&header);
    let header_len = body.len();
    let sizes = header.outputs.iter().flat_map(|output| &output.parameters);
    body.reserve_exact(sizes.map(|size| size.binary_data_size).sum());
    for (output, header) in response.outputs.iter().zip(&header.outputs) {
        match &output.values {
            _ if header.parameters.is_none() => {}
            Values::Tensor(tensor) => body.extend_from_slice(tensor.data()),
            Values::Strings(strings) => texts::write(strings, &mut body),
        }
    }
    Frame {
        header_len,
        body: body.into(),
    }
}

fn to_json(header: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(header).expect("strings and numbers are always JSON")
}

impl<'a> From<&'a NamedTensor> for Input<'a> {
    fn from(NamedTensor { name, tensor }: &'a NamedTensor) -> Self {
        Self {
            name,
            shape: tensor.shape(),
            datatype: tensor.datatype().name(),
            parameters: BinarySize {
                binary_data_size: tensor.data().len(),
            },
        }
    }
}

impl<'a> From<&'a RequestedOutput> for Requested<'a> {
    fn from(output: &'a RequestedOutput) -> Self {
        Self {
            name: &output.name,
            parameters: RequestedParameters {
                binary_data: output.binary,
                classification: (output.classification > 0).then_some(output.classification),
            },
        }
    }
}

impl<'a> From<&'a Output> for Answer<'a> {
    fn from(output: &'a Output) -> Self {
        let (datatype, shape, binary) = match &output.values {
            Values::Tensor(tensor) => {
                let binary = output.binary || !tensor.datatype().has_json_form();
                let size = binary.then(|| tensor.data().len());
                (tensor.datatype().name(), tensor.shape(), size)
            }
            Values::Strings(strings) => {
                let size = output.binary.then(|| texts::binary_len(strings));
                (texts::BYTES, &strings.shape, size)
            }
        };
        let data = || match &output.values {
            Values::Tensor(tensor) => Data::Numbers(Elements(tensor)),
            Values::Strings(strings) => Data::Texts(&strings.values),
        };
        Self {
            name: &output.name,
            datatype,
            shape,
            parameters: binary.map(|binary_data_size| BinarySize { binary_data_size }),
            data: binary.is_none().then(data),
        }
    }
}
