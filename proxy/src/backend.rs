//! The seam between the server and whatever runs the models.
//!
//! A backend speaks in tensors and models; it knows neither HTTP nor status codes. Whether its
//! answer adds up is checked once for all backends, in [`crate::classify`].

pub mod embedded;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ModelInfo, ModelList, ModelState};
use conch_shared::label::LabelSet;
use conch_shared::tensor::Tensor;

/// A model, its class names, and whether it answers.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the API says of it.
    pub info: ModelInfo,
    /// Its class names; classes without one are called by their number.
    pub labels: LabelSet,
}

/// What came out of a model.
#[derive(Clone, Debug)]
pub struct Inference {
    /// One row a photo, FP32; its shape and values are as the engine gave them.
    pub output: Tensor,
    /// The version that ran.
    pub version: String,
    /// How long it took.
    pub timings: Timings,
}

/// Where the time of an inference went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Waiting for the engine.
    pub queue: Duration,
    /// In the engine.
    pub infer: Duration,
}

/// Why there is no inference. The texts are for the client, and say nothing of the server's inside.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// There is no such model.
    #[error("there is no model \"{model}\"; there is {}", known.join(", "))]
    UnknownModel {
        /// The name as asked for.
        model: String,
        /// The names that are there.
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
    #[error("model {model} is busy: {waiting} requests wait already")]
    Overloaded {
        /// The model.
        model: String,
        /// How many wait.
        waiting: usize,
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

    /// Every model, ready or not, by name.
    async fn models(&self) -> Vec<Arc<Model>>;

    /// One model.
    ///
    /// # Errors
    /// When there is none of that name.
    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError>;

    /// Runs a model on a tensor of its input's datatype, batch dimension first. Dropping the
    /// future drops the request, if it has not begun.
    ///
    /// # Errors
    /// When the model is unknown, not ready, busy, or fails.
    async fn infer(&self, model: &str, input: Tensor) -> Result<Inference, BackendError>;
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
