//! The seam between the server and whatever runs the models.
//!
//! A backend speaks in tensors and models; it knows neither HTTP nor status codes. Whether a request
//! fits its model and an answer its request is checked once for all backends, in [`crate::infer`].

pub mod embedded;
pub mod triton;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ModelInfo, ModelList, ModelState};
use conch_shared::kserve::NamedTensor;
use conch_shared::kserve::metadata::{IndexEntry, ModelMetadata, ServerMetadata};
use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::label::LabelSet;
use prometheus_client::registry::Registry;
use serde_json::Value;

/// A model's name and, where somebody chose one, its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId {
    /// The model's name.
    pub name: String,
    /// The version; none takes the newest that is ready.
    pub version: Option<u64>,
}

impl ModelId {
    /// The newest version of a model.
    pub fn newest(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: None,
        }
    }
}

/// Longest name of a model, bytes: a folder's name has no more.
const MAX_NAME: usize = 255;

/// Whether a model can be called so: whether a folder can, and so a segment of a path.
pub(crate) fn is_model_name(text: &str) -> bool {
    let odd = |letter: char| letter.is_control() || matches!(letter, '/' | '\\');
    (1..=MAX_NAME).contains(&text.len()) && !matches!(text, "." | "..") && !text.contains(odd)
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            None => f.write_str(&self.name),
            Some(version) => write!(f, "{} version {version}", self.name),
        }
    }
}

/// A model, its class names, and whether it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What the API says of it.
    pub info: ModelInfo,
    /// Its class names; classes without one are called by their number.
    pub labels: LabelSet,
    /// Its tensors; absent where its config cannot be read.
    pub metadata: Option<ModelMetadata>,
    /// Its config in JSON, as Triton prints it, with what Triton fills in; absent as above.
    pub config: Option<Value>,
    /// Its `config.pbtxt` as it stands in its folder; absent where another server has it, or where
    /// there is none.
    pub config_text: Option<String>,
    /// Each version, oldest first, and whether it answers; one entry without a version where the
    /// model has none.
    pub index: Vec<IndexEntry>,
}

impl Model {
    /// Whether this version of it answers; without one, whether any does.
    pub fn is_ready(&self, version: Option<u64>) -> bool {
        let asked = version.map(|version| version.to_string());
        self.index
            .iter()
            .filter(|entry| asked.is_none() || entry.version == asked)
            .any(IndexEntry::is_ready)
    }
}

/// A request that fits its model.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The model's inputs, each once.
    pub inputs: Vec<NamedTensor>,
    /// The names of the outputs that are wanted, at least one, each once.
    pub outputs: Vec<String>,
    /// How long it may wait in a queue, microseconds, where the model's config lets requests say.
    pub timeout: Option<u64>,
}

/// What came out of a model.
#[derive(Clone, Debug)]
pub struct Inference {
    /// The outputs that were asked for, in any order; shapes and values as the engine gave them.
    pub outputs: Vec<NamedTensor>,
    /// The version that ran.
    pub version: String,
    /// How long it took.
    pub timings: Timings,
}

/// Where the time of an inference went; absent where the backend cannot tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Waiting for the engine.
    pub queue: Option<Duration>,
    /// In the engine.
    pub infer: Option<Duration>,
    /// From the request to another server to its answer.
    pub upstream: Option<Duration>,
}

/// Why there is no inference. The texts are for the client, and say nothing of the server's inside.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BackendError {
    /// There is no such model.
    #[error("there is no model \"{model}\"; there is {}", known.join(", "))]
    UnknownModel {
        /// The name as asked for.
        model: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// There is the model, but not this version of it.
    #[error("model {model} has no version {version}; it has {}", known.join(", "))]
    UnknownVersion {
        /// The model.
        model: String,
        /// The version as asked for.
        version: u64,
        /// The versions that are served.
        known: Vec<String>,
    },
    /// There is one and it cannot run.
    #[error("model {model} cannot answer: {reason}")]
    Unavailable {
        /// The model.
        model: String,
        /// Why, and what to do.
        reason: String,
    },
    /// More requests wait than the queue takes.
    #[error("model {model} is busy: its queue of {waiting} requests is full")]
    Overloaded {
        /// The model.
        model: String,
        /// How many wait.
        waiting: usize,
    },
    /// Another server's queue is full.
    #[error("model {model} is busy: too many requests wait already")]
    Busy {
        /// The model.
        model: String,
    },
    /// It waited in the queue for longer than the model's config allows.
    #[error("model {model} is busy: the request waited for longer than it may")]
    Expired {
        /// The model.
        model: String,
    },
    /// No answer in time.
    #[error("model {model} did not answer within {} seconds", deadline.as_secs_f32())]
    TimedOut {
        /// The model.
        model: String,
        /// The time that it had.
        deadline: Duration,
    },
    /// An answer that cannot be one, or none at all where there should be one.
    #[error("the answer of model {model} does not add up")]
    BadAnswer {
        /// The model.
        model: String,
        /// What is wrong with it, for the log alone.
        cause: String,
    },
    /// The connection to another server ended before its answer did.
    #[error(
        "the connection to the server that runs model {model} broke before the answer was whole"
    )]
    Broken {
        /// The model.
        model: String,
        /// How it broke, for the log alone.
        cause: String,
    },
    /// The engine failed on this request.
    #[error("the engine failed on this request to model {model}")]
    Failed {
        /// The model.
        model: String,
        /// The engine's own words, for the log alone.
        cause: String,
    },
}

/// Runs models.
#[async_trait]
pub trait Backend: Send + Sync {
    /// What it is and how it does.
    async fn status(&self) -> BackendStatus;

    /// What the v2 protocol says of the server.
    async fn server(&self) -> ServerMetadata;

    /// Every model, ready or not, by name.
    async fn models(&self) -> Vec<Arc<Model>>;

    /// One model.
    ///
    /// # Errors
    /// When there is none of that name.
    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError>;

    /// Runs a version of a model, without a choice the newest that is ready, by what
    /// [`Self::model`] said of it: the job was made by its recipe and the answer gets its labels,
    /// so another model that has taken its name since does not run. Dropping the future drops the
    /// request, if it has not begun.
    ///
    /// # Errors
    /// When model or version is unknown, replaced, not ready, busy, or fails.
    async fn infer(
        &self,
        model: &Model,
        version: Option<u64>,
        job: Job,
    ) -> Result<Inference, BackendError>;

    /// What was counted: of every ready version of every model, or of one model, or of one version.
    ///
    /// # Errors
    /// When model or version is unknown or not ready.
    async fn statistics(
        &self,
        model: Option<&ModelId>,
    ) -> Result<Vec<ModelStatistics>, BackendError>;

    /// Adds what it has measured since its start to the metrics of one scrape.
    fn measure(&self, _registry: &mut Registry) {}
}

/// The extensions of the v2 protocol that Conch serves, by Triton's names for them.
pub const EXTENSIONS: [&str; 7] = [
    "classification",
    "model_repository",
    "schedule_policy",
    "model_configuration",
    "binary_tensor_data",
    "parameters",
    "statistics",
];

/// Whether a model can answer.
pub async fn is_ready(backend: &dyn Backend) -> bool {
    let models = backend.models().await;
    let mut states = models.iter().map(|model| &model.info.state);
    states.any(|state| *state == ModelState::Ready)
}

/// Most items in a batch, by a config as Triton prints it; 0 where its shapes are whole.
pub(crate) fn max_batch_size(config: &Value) -> usize {
    let size = config["max_batch_size"].as_u64();
    size.and_then(|size| usize::try_from(size).ok())
        .unwrap_or(0)
}

/// The model to use where nobody chose one, if it is ready.
const FAVOURITE: &str = "mobilenet";

/// All models of a backend, and which of them to use where nobody chose.
pub async fn list(backend: &dyn Backend) -> ModelList {
    let models: Vec<ModelInfo> = backend
        .models()
        .await
        .iter()
        .map(|model| model.info.clone())
        .collect();
    let mut ready = models
        .iter()
        .filter(|model| model.state == ModelState::Ready)
        .map(|model| &model.name);
    let default = ready
        .clone()
        .find(|name| *name == FAVOURITE)
        .or_else(|| ready.next())
        .cloned();
    ModelList { default, models }
}
