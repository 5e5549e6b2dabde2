//! `GET /v2/models/{name}[/versions/{version}]` and its `/config` and `/ready`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use conch_shared::kserve::metadata::ModelMetadata;
use serde_json::Value;

use super::find;
use super::server::yes;
use crate::AppState;
use crate::backend::ModelId;
use crate::error::ApiError;
use crate::handlers::extract::ModelPath;

/// A model's tensors; of a version that was asked for, with that version alone.
///
/// # Errors
/// 404 for an unknown model or version, 503 for one that does not run.
pub async fn metadata(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Json<ModelMetadata>, ApiError> {
    let model = find(&state, &id).await?;
    let mut metadata = model.metadata.clone().ok_or_else(|| unknown(&id))?;
    if let Some(version) = id.version {
        metadata.versions = vec![version.to_string()];
    }
    Ok(Json(metadata))
}

/// A model's config, with what Triton fills in.
///
/// # Errors
/// As [`metadata`].
pub async fn config(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Json<Value>, ApiError> {
    let model = find(&state, &id).await?;
    Ok(Json(model.config.clone().ok_or_else(|| unknown(&id))?))
}

fn unknown(id: &ModelId) -> ApiError {
    ApiError::model_unavailable(id, "its config cannot be read")
}

/// Whether the model answers.
///
/// # Errors
/// 400, as Triton, where it does not, unknown ones included.
pub async fn ready(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Response, ApiError> {
    match find(&state, &id).await {
        Ok(_) => Ok(yes()),
        Err(_) => Err(ApiError::not_ready_in_triton_words(
            "Model version not ready",
        )),
    }
}
