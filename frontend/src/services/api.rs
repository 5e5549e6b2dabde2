//! The server's `/api`, as domain types.

use std::sync::Arc;

use conch_shared::api::{Classification, DEFAULT_TOP_K, ModelList, PROBLEM_JSON, Problem, Status};
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::label::Prediction;
use conch_shared::model::ModelSpec;
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::normalize;
use conch_shared::tensor::{DataType, Tensor, TensorError};
use js_sys::{Uint8Array, encode_uri_component};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Blob, Headers, RequestInit};

use super::http::{Answer, Canceller, NoAnswer, fetch};
use super::resource_timing::{self, now_ms};
use crate::protocol::Prepared;
use crate::settings::sent_as;
use crate::state::{Exchange, Outcome, UserError};
use crate::text;
use crate::timing::{Marks, ServerTiming, Times};

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// Nobody wants it any more.
    Cancelled,
    /// The server is not there; it may come back.
    ServerAway,
    /// The server is there, its model is not; it may come back.
    ModelAway,
    /// The server has more to do than it can; it asks to come again.
    Busy(UserError),
    /// The server, or what it said, is the trouble.
    Failed(UserError),
}

/// What a model said of one photo.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered {
    /// The model's version that answered.
    pub(crate) version: String,
    /// The best first.
    pub(crate) predictions: Vec<Prediction>,
    /// From asking for the request to having read the answer, milliseconds.
    pub(crate) took: f64,
    /// What the browser noticed of it.
    pub(crate) marks: Option<Marks>,
    /// The server's part of it.
    pub(crate) server: ServerTiming,
    /// What went over the wire.
    pub(crate) exchange: Exchange,
}

impl Answered {
    /// With what was asked: the whole of it, from the photo's file on.
    pub(crate) fn outcome(
        self,
        model: ModelSpec,
        prepared: Prepared,
        square: Option<Square>,
    ) -> Outcome {
        Outcome {
            model: Arc::new(model),
            version: self.version,
            predictions: self.predictions,
            times: Times {
                decode: prepared.decode_ms,
                resize: prepared.resize_ms,
                answer: self.took,
                marks: self.marks,
                server: self.server,
            },
            prepared,
            square,
            exchange: self.exchange,
        }
    }
}

/// `GET /api/status`.
pub(crate) async fn status() -> Result<Status, ApiError> {
    get_json("/api/status").await
}

/// `GET /api/models`.
pub(crate) async fn models() -> Result<ModelList, ApiError> {
    get_json("/api/models").await
}

/// What came back of a request for labels.
struct Reply {
    classification: Classification,
    took: f64,
    marks: Option<Marks>,
    server: ServerTiming,
    exchange: Exchange,
}

/// `POST /api/models/{name}/classify` with one photo's UINT8 tensor, sent as it is, or as the FP32
/// tensor that the model takes, which the server makes of it otherwise. `count` is told the bytes.
pub(crate) async fn classify(
    model: &ModelSpec,
    pixels: &[u8],
    send: DataType,
    count: impl FnOnce(usize),
    controller: AbortController,
) -> Result<Answered, ApiError> {
    let top_k = DEFAULT_TOP_K.min(model.classes);
    let query = format!("top_k={top_k}");
    let tensor = to_send(model, pixels, send);
    let reply = ask(model, tensor, &query, count, controller).await?;
    match reply.classification.results.into_iter().next() {
        Some(predictions) if !predictions.is_empty() => Ok(Answered {
            version: reply.classification.version,
            predictions,
            took: reply.took,
            marks: reply.marks,
            server: reply.server,
            exchange: reply.exchange,
        }),
        _ => Err(unreadable()),
    }
}

/// The probability of one class in each photo of a batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scores {
    /// One a photo, in their order.
    pub(crate) scores: Vec<f32>,
    /// From the request's first byte out to the answer's last byte in, milliseconds.
    pub(crate) took: f64,
}

/// `POST /api/models/{name}/classify` with the UINT8 tensor of so many photos, for one class. `count`
/// is told the bytes.
pub(crate) async fn score(
    model: &ModelSpec,
    class: usize,
    pixels: Vec<u8>,
    photos: usize,
    count: impl FnOnce(usize),
    controller: AbortController,
) -> Result<Scores, ApiError> {
    let tensor = Tensor::new(DataType::Uint8, model.recipe.batch_shape(photos), pixels);
    let query = format!("class={class}");
    let reply = ask(model, tensor, &query, count, controller).await?;
    let results = reply.classification.results.into_iter();
    let scores: Option<Vec<f32>> = results
        .map(|predictions| match predictions.as_slice() {
            [only] if only.index == class => Some(only.score),
            _ => None,
        })
        .collect();
    match scores {
        Some(scores) if scores.len() == photos => Ok(Scores {
            scores,
            took: reply.took,
        }),
        _ => Err(unreadable()),
    }
}

async fn ask(
    model: &ModelSpec,
    tensor: Result<Tensor, TensorError>,
    query: &str,
    count: impl FnOnce(usize),
    controller: AbortController,
) -> Result<Reply, ApiError> {
    let tensor = tensor.map_err(|error| ApiError::Failed(UserError(error.to_string())))?;
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor {
            name: model.input.name.clone(),
            tensor,
        }],
        ..InferRequest::default()
    });
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&body(&frame.body));
    set_headers(
        &options,
        &[
            ("content-type", "application/octet-stream"),
            (HEADER_LENGTH, &frame.header_len.to_string()),
        ],
    );
    let name = encode_uri_component(&model.name);
    let address = format!("/api/models/{name}/classify?{query}");

    count(frame.body.len());
    let start = now_ms();
    let answer = checked(fetch(&address, &options, controller).await?).await?;
    let server = ServerTiming::parse(&answer.header("server-timing"));
    let body = answer.text().await?;
    let end = now_ms();
    let origin = window().location().origin().unwrap_or_default();
    let address = format!("{origin}{address}");
    let marks = resource_timing::marks(&address, start, end);
    let exchange = Exchange {
        address,
        header_bytes: frame.header_len,
        tensor_bytes: frame.body.len() - frame.header_len,
        answer_bytes: body.len(),
    };
    Ok(Reply {
        classification: serde_json::from_str(&body).or(Err(unreadable()))?,
        took: end - start,
        marks,
        server,
        exchange,
    })
}

/// A request's body. Chromium's `fetch` holds up the page for some 10 ms with each megabyte that it is
/// given as bytes (25 to 80 ms for 16 photos), and for none with those of a file.
fn body(bytes: &[u8]) -> JsValue {
    const MOST: usize = 1_000_000;
    let array = Uint8Array::from(bytes);
    match bytes.len() > MOST {
        true => {
            let file = Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&array));
            file.map_or_else(|_| array.into(), Into::into)
        }
        false => array.into(),
    }
}

fn to_send(model: &ModelSpec, pixels: &[u8], send: DataType) -> Result<Tensor, TensorError> {
    let shape = model.recipe.batch_shape(1);
    let tensor = Tensor::new(DataType::Uint8, shape, pixels.to_vec())?;
    match sent_as(model, send) {
        DataType::Fp32 => normalize(&tensor, &model.recipe),
        _ => Ok(tensor),
    }
}

/// A sample photo of the page's own server.
pub(crate) async fn sample(address: &str, controller: AbortController) -> Result<Blob, ApiError> {
    let answer = fetch(address, &RequestInit::new(), controller).await?;
    if !answer.is_ok() {
        let error = UserError(text::SAMPLE_ABSENT.to_owned());
        return Err(ApiError::Failed(error));
    }
    Ok(answer.blob().await?)
}

pub(super) async fn get_json<T: for<'de> serde::Deserialize<'de>>(
    address: &str,
) -> Result<T, ApiError> {
    let canceller = Canceller::new().ok_or(ApiError::ServerAway)?;
    let options = RequestInit::new();
    options.set_cache(web_sys::RequestCache::NoStore);
    let answer = fetch(address, &options, canceller.controller()).await?;
    read(checked(answer).await?).await
}

/// An answer that is no refusal.
pub(super) async fn checked(answer: Answer) -> Result<Answer, ApiError> {
    if answer.is_ok() {
        return Ok(answer);
    }
    let status = answer.status();
    let is_problem = answer.header("content-type").starts_with(PROBLEM_JSON);
    let body = answer.text().await?;
    Err(refusal(status, is_problem, &body))
}

/// What a refusal means: its problem document's sentence, or, from something in front of the
/// server that cannot reach it, that the server is away.
fn refusal(status: u16, is_problem: bool, body: &str) -> ApiError {
    let problem: Option<Problem> = serde_json::from_str(body).ok().filter(|_| is_problem);
    match (problem, status) {
        (Some(problem), _) => {
            let error = UserError(text::problem(&problem));
            match problem.code.as_str() {
                "overloaded" | "too_often" => ApiError::Busy(error),
                "model_unavailable" | "unknown_model" | "connection_broke" => ApiError::ModelAway,
                _ => ApiError::Failed(error),
            }
        }
        (None, 502..=504) => ApiError::ServerAway,
        (None, status) => ApiError::Failed(UserError(text::status(status))),
    }
}

async fn read<T: for<'de> serde::Deserialize<'de>>(answer: Answer) -> Result<T, ApiError> {
    let body = answer.text().await?;
    serde_json::from_str(&body).or(Err(unreadable()))
}

pub(super) fn unreadable() -> ApiError {
    ApiError::Failed(UserError(text::ANSWER_UNREADABLE.to_owned()))
}

pub(super) fn set_headers(options: &RequestInit, entries: &[(&str, &str)]) {
    if let Ok(headers) = Headers::new() {
        for (name, value) in entries {
            // Fails only for names and values that are no HTTP.
            _ = headers.set(name, value);
        }
        options.set_headers(&headers);
    }
}

impl From<NoAnswer> for ApiError {
    fn from(reason: NoAnswer) -> Self {
        match reason {
            NoAnswer::Cancelled => Self::Cancelled,
            NoAnswer::Unreachable => Self::ServerAway,
            NoAnswer::TimeOut => Self::Failed(UserError(text::NO_ANSWER_IN_TIME.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests;
