//! `GET /api/models` and `/api/models/{name}`.

use axum::Json;
use axum::extract::State;
use conch_shared::api::{ModelInfo, ModelList};

use super::extract::ModelPath;
use crate::AppState;
use crate::backend;
use crate::error::ApiError;

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
