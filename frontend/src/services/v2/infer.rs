//! `POST /v2/models/{name}/infer`: the tensor that the model takes to the model server and its output
//! back, in the KServe v2 protocol with Triton's binary tensor data extension, as NVIDIA's own client
//! sends it. What went and came is kept to the byte, to be looked at.

use bytes::Bytes;
use conch_shared::kserve::binary::{CodecError, decode_response, encode_request};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor, RequestedOutput, Values};
use conch_shared::model::ModelSpec;
use conch_shared::tensor::{DataType, Tensor, TensorError};
use js_sys::{Uint8Array, encode_uri_component};
use leptos::prelude::window;
use serde::Deserialize;
use web_sys::RequestInit;

use crate::services::api::{ApiError, set_headers, unreadable};
use crate::services::http::{Canceller, fetch};
use crate::services::resource_timing::now_ms;
use crate::state::UserError;
use crate::text;
use crate::timing::ServerTiming;

/// A request, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    /// The page's own server: scheme, host, port.
    pub(crate) origin: String,
    /// Where on it the request goes.
    pub(crate) path: String,
    /// The model.
    pub(crate) model: String,
    /// The input's name.
    pub(crate) input: String,
    /// The input's datatype: FP32 or UINT8.
    pub(crate) datatype: DataType,
    /// The input's shape.
    pub(crate) shape: Vec<usize>,
    /// The output's name.
    pub(crate) output: String,
    /// Bytes of the JSON in front of the tensor.
    pub(crate) header_len: usize,
    /// The JSON and the tensor.
    pub(crate) body: Bytes,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Incoming {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The HTTP headers that say something of the body or the time, those that were there.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Bytes of the JSON in front of the output.
    pub(crate) header_len: usize,
    /// The JSON and the output.
    pub(crate) body: Bytes,
    /// The output's shape.
    pub(crate) shape: Vec<usize>,
    /// The output: a number a class.
    pub(crate) logits: Vec<f32>,
    /// From the request's first byte out to the answer's last byte in, milliseconds.
    pub(crate) took: f64,
    /// The server's part of it.
    pub(crate) server: ServerTiming,
}

/// The headers of an answer that are shown.
const SHOWN: [&str; 6] = [
    "content-type",
    "content-length",
    "content-encoding",
    HEADER_LENGTH,
    "server-timing",
    "x-request-id",
];

/// The request for one photo's tensor as the model takes it, by its bytes; not yet addressed.
///
/// # Errors
/// When the bytes are not the model's.
pub(crate) fn compose(model: &ModelSpec, tensor: &[u8]) -> Result<Outgoing, TensorError> {
    let (datatype, shape) = (model.input.datatype, model.recipe.batch_shape(1));
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor {
            name: model.input.name.clone(),
            tensor: Tensor::new(datatype, shape.clone(), tensor.to_vec())?,
        }],
        outputs: vec![RequestedOutput {
            name: model.output.name.clone(),
            binary: true,
            classification: 0,
        }],
        ..InferRequest::default()
    });
    Ok(Outgoing {
        origin: String::new(),
        path: String::new(),
        model: model.name.clone(),
        input: model.input.name.clone(),
        datatype,
        shape: shape.dims().to_vec(),
        output: model.output.name.clone(),
        header_len: frame.header_len,
        body: frame.body,
    })
}

impl Outgoing {
    /// The same, to the page's own server.
    pub(crate) fn for_own_server(self) -> Self {
        let name = encode_uri_component(&self.model);
        Self {
            origin: window().location().origin().unwrap_or_default(),
            path: format!("/v2/models/{name}/infer"),
            ..self
        }
    }
}

/// Sends a request. Dropping the future ends it.
pub(crate) async fn infer(request: &Outgoing) -> Result<Incoming, ApiError> {
    let canceller = Canceller::new().ok_or(ApiError::ServerAway)?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&Uint8Array::from(request.body.as_ref()));
    set_headers(
        &options,
        &[
            ("content-type", "application/octet-stream"),
            (HEADER_LENGTH, &request.header_len.to_string()),
        ],
    );
    let start = now_ms();
    let answer = fetch(&request.path, &options, canceller.controller()).await?;
    let status = answer.status();
    let headers = SHOWN.map(|name| (name, answer.header(name)));
    let [.., timing, _] = &headers;
    let server = ServerTiming::parse(&timing.1);
    let header_len = headers.iter().find(|(name, _)| *name == HEADER_LENGTH);
    let header_len = header_len.and_then(|(_, length)| length.parse().ok());
    let is_ok = answer.is_ok();
    let body = Bytes::from(answer.bytes().await?);
    let took = now_ms() - start;
    if !is_ok {
        return Err(refusal(status, &body));
    }
    // Without the header, the body is JSON alone.
    let header_len = header_len.unwrap_or(body.len());
    let output = output(&body, header_len, &request.output).or(Err(unreadable()))?;
    let (shape, logits) = output.ok_or_else(unreadable)?;
    Ok(Incoming {
        status,
        headers: headers.into_iter().filter(|(_, v)| !v.is_empty()).collect(),
        header_len,
        shape,
        logits,
        body,
        took,
        server,
    })
}

/// The shape and the values of an output.
type Numbers = (Vec<usize>, Vec<f32>);

/// An output; `None` where it is not there, or holds no single precision numbers.
fn output(body: &Bytes, header_len: usize, name: &str) -> Result<Option<Numbers>, CodecError> {
    let response = decode_response(body, header_len)?;
    let mut outputs = response.outputs.into_iter();
    Ok(match outputs.find(|output| output.name == name) {
        Some(output) => match output.values {
            Values::Tensor(tensor) => {
                let values = tensor.to_f32().ok();
                values.map(|values| (tensor.shape().dims().to_vec(), values))
            }
            Values::Strings(_) => None,
        },
        None => None,
    })
}

/// What a refusal means: under `/v2` the server says why as Triton does, `{"error": "…"}`.
fn refusal(status: u16, body: &[u8]) -> ApiError {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let failed = |sentence| ApiError::Failed(UserError(sentence));
    match (serde_json::from_slice::<Refusal>(body), status) {
        (Ok(refusal), _) => failed(text::sentence(&refusal.error)),
        (Err(_), 502..=504) => ApiError::ServerAway,
        (Err(_), status) => failed(text::wire::status(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use conch_shared::kserve::binary::{decode_request, encode_response};
    use conch_shared::kserve::{InferResponse, Output};
    use conch_shared::tensor::Shape;

    #[test]
    fn a_request_holds_the_floats_behind_its_json() {
        let floats: Vec<u8> = (0..12u8).flat_map(|n| f32::from(n).to_le_bytes()).collect();
        let request = compose(&example::model(), &floats).unwrap();
        let json = std::str::from_utf8(&request.body[..request.header_len]).unwrap();
        let expected = concat!(
            r#"{"inputs":[{"name":"i","shape":[1,3,2,2],"datatype":"FP32","#,
            r#""parameters":{"binary_data_size":48}}],"#,
            r#""outputs":[{"name":"o","parameters":{"binary_data":true}}]}"#
        );
        assert_eq!(json, expected);
        let read = decode_request(&request.body, request.header_len).unwrap();
        assert_eq!(read.inputs[0].tensor.data(), &floats);
        assert_eq!(&request.body[request.header_len..], floats);
    }

    #[test]
    fn a_model_that_takes_bytes_is_sent_bytes() {
        let mut model = example::model();
        model.input.datatype = DataType::Uint8;
        let request = compose(&model, &[7; 12]).unwrap();
        let read = decode_request(&request.body, request.header_len).unwrap();
        assert_eq!(read.inputs[0].tensor.datatype(), DataType::Uint8);
        assert_eq!(request.body[request.header_len..], [7; 12]);
    }

    #[test]
    fn a_tensor_of_another_model_makes_no_request() {
        assert!(compose(&example::model(), &[0; 44]).is_err());
    }

    #[test]
    fn the_output_is_read_in_binary_and_in_json() {
        for binary in [true, false] {
            let tensor = Tensor::from_f32(Shape::new([1, 2]), &[1.5, -2.0]).unwrap();
            let frame = encode_response(&InferResponse {
                outputs: vec![Output {
                    name: "o".into(),
                    values: Values::Tensor(tensor),
                    binary,
                }],
                ..InferResponse::default()
            });
            let read = |name| output(&frame.body, frame.header_len, name).unwrap();
            assert_eq!(read("o"), Some((vec![1, 2], vec![1.5, -2.0])));
            assert_eq!(read("other"), None);
        }
    }

    #[test]
    fn a_refusal_says_what_triton_says() {
        let body = br#"{"error":"the body is too large"}"#;
        let said = ApiError::Failed(UserError("The body is too large.".into()));
        assert_eq!(refusal(413, body), said);
        assert_eq!(refusal(502, b"<html>"), ApiError::ServerAway);
        assert!(matches!(refusal(404, b""), ApiError::Failed(_)));
    }
}
