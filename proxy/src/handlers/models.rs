//! `GET /api/models`, `/api/models/{name}` and its `/config` and `/labels`.

use axum::Json;
use axum::extract::State;
use conch_shared::api::{ModelInfo, ModelList, ModelState};
use conch_shared::label::LabelSet;

use super::extract::ModelPath;
use crate::AppState;
use crate::backend::{self, BackendError};
use crate::error::ApiError;
use crate::model_repo;

/// Every model, ready or not.
pub async fn list(State(state): State<AppState>) -> Json<ModelList> {
    Json(backend::list(&*state.backend).await)
}

/// One model.
///
/// # Errors
/// 404 when there is none of that name.
pub async fn one(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Json<ModelInfo>, ApiError> {
    Ok(Json(state.backend.model(&id.name).await?.info.clone()))
}

/// A model's `config.pbtxt`, whether the model answers or not: the file's own text, or, where another
/// server has it, what that reports.
///
/// # Errors
/// 404 when there is no model of that name, 503 when it has no config, 502 when what is reported is
/// none.
pub async fn config(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<String, ApiError> {
    let model = state.backend.model(&id.name).await?;
    if let Some(text) = &model.config_text {
        return Ok(text.clone());
    }
    let Some(config) = &model.config else {
        let reason = match &model.info.state {
            ModelState::Unavailable { reason } => reason,
            ModelState::Ready => "its config cannot be read",
        };
        return Err(ApiError::model_unavailable(&id, reason));
    };
    let printed = model_repo::print(config);
    Ok(printed.map_err(|error| BackendError::BadAnswer {
        model: id.name,
        cause: format!("its config is none: {error}"),
    })?)
}

/// A model's class names, in class order: none where it names no file of labels.
///
/// # Errors
/// 404 when there is no model of that name.
pub async fn labels(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Json<LabelSet>, ApiError> {
    Ok(Json(state.backend.model(&id.name).await?.labels.clone()))
}
