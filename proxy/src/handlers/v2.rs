//! `/v2/…`: the part of Triton's API that a client needs, whichever backend runs.

mod infer;
mod models;
mod repository;
mod server;
mod statistics;

use std::sync::Arc;

use crate::AppState;
use crate::backend::{BackendError, Model, ModelId};
use crate::error::ApiError;

pub use infer::infer;
pub use models::{config, metadata, ready as model_ready};
pub use repository::index;
pub use server::{live, ready, server};
pub use statistics::{all as all_statistics, one as statistics};

/// A model that answers, in the version that is asked for.
///
/// # Errors
/// 404 for an unknown model or version, 503 for one that does not run.
async fn find(state: &AppState, id: &ModelId) -> Result<Arc<Model>, ApiError> {
    let model = state.backend.model(&id.name).await?;
    if model.is_ready(id.version) {
        return Ok(model);
    }
    let asked = id.version.map(|version| version.to_string());
    let mut index = model.index.iter();
    let entry = index.find(|entry| asked.is_none() || entry.version == asked);
    match (entry, id.version) {
        (None, Some(version)) => Err(BackendError::UnknownVersion {
            model: id.name.clone(),
            version,
            known: model.info.versions.clone(),
        }
        .into()),
        (entry, _) => {
            let reason = entry.and_then(|entry| entry.reason.as_deref());
            let reason = reason.unwrap_or("it is not ready");
            Err(ApiError::model_unavailable(id, reason))
        }
    }
}
