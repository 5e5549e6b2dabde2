//! The bodies of `/api`, as JSON, and the problem document of its errors.

use serde::{Deserialize, Serialize};

use crate::label::Prediction;
use crate::model::ModelSpec;

/// Predictions a photo where a request does not say.
pub const DEFAULT_TOP_K: usize = 5;

/// `GET /api/status`: how the server does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Version of `conch`.
    pub version: String,
    /// What runs the models.
    pub backend: BackendStatus,
    /// Seconds since the server started.
    pub uptime_seconds: f64,
    /// Where a phone of this network begins; `GET /api/entrance.svg` is the same as a QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<String>,
    /// Where a device is told how to trust this server's HTTPS, as a path; absent where it speaks none
    /// that has to be trusted first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<String>,
    /// What tells the build of the page that this server hands out from others, as the page itself
    /// has it; absent where no page is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// What runs the models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackendStatus {
    /// `embedded` or `triton`.
    pub kind: String,
    /// The engine and its version, `ONNX Runtime 1.31.1` for one.
    pub engine: String,
    /// Where it runs; the embedded engine is one replica, in this process.
    pub replicas: Vec<ReplicaStatus>,
}

/// One place where models run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplicaStatus {
    /// A name for people; never an address inside the operator's network.
    pub name: String,
    /// Whether it answers.
    pub ready: bool,
}

/// `GET /api/models`: every model of the repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelList {
    /// The model to use where nobody chose one: a ready one, if there is one.
    pub default: Option<String>,
    /// All models, ready or not, by name.
    pub models: Vec<ModelInfo>,
}

/// `GET /api/models/{name}`: one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The model's name: its folder's.
    pub name: String,
    /// Whether it answers, and why not.
    #[serde(flatten)]
    pub state: ModelState,
    /// The versions that are there, oldest first.
    pub versions: Vec<String>,
    /// What it takes and gives; absent where its config cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<ModelSpec>,
}

/// Whether a model answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum ModelState {
    /// It does.
    Ready,
    /// It does not.
    Unavailable {
        /// Why, and what to do.
        reason: String,
    },
}

/// `POST /api/models/{name}/classify`: what the model sees in each photo of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// The model that answered.
    pub model: String,
    /// Its version.
    pub version: String,
    /// One list a photo, in the request's order; in each, the best first, or the classes that the
    /// request asked for, in its order.
    pub results: Vec<Vec<Prediction>>,
}

/// What an error says under `/api`: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI of the kind of problem; `about:blank` leaves that to `code`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time and what to do, in a sentence.
    pub detail: String,
    /// A stable word for programs: `wrong_shape`, `body_too_large`, …
    pub code: String,
    /// What was expected, where the problem has such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The request's id, also in the `x-request-id` header and in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The media type of [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";
