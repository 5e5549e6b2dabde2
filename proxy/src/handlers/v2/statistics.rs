//! `GET /v2/models/stats` and `/v2/models/{name}[/versions/{version}]/stats`.

use axum::Json;
use axum::extract::State;
use conch_shared::kserve::statistics::ModelStatistics;
use serde::Serialize;

use crate::AppState;
use crate::backend::ModelId;
use crate::error::ApiError;
use crate::handlers::extract::ModelPath;

#[derive(Serialize)]
pub struct Body {
    model_stats: Vec<Entry>,
}

/// What was counted, and the fields of Triton's that are always empty here.
#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    counted: ModelStatistics,
    response_stats: Empty,
    memory_usage: [(); 0],
}

#[derive(Serialize)]
struct Empty {}

/// Every ready version of every model.
///
/// # Errors
/// When the backend cannot tell.
pub async fn all(State(state): State<AppState>) -> Result<Json<Body>, ApiError> {
    statistics(&state, None).await
}

/// One model, or one version of it.
///
/// # Errors
/// 400, as Triton, where it is unknown or not ready.
pub async fn one(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
) -> Result<Json<Body>, ApiError> {
    statistics(&state, Some(&id)).await
}

async fn statistics(state: &AppState, id: Option<&ModelId>) -> Result<Json<Body>, ApiError> {
    let counted = state.backend.statistics(id).await;
    let counted = counted.map_err(ApiError::no_statistics)?;
    let entry = |counted| Entry {
        counted,
        response_stats: Empty {},
        memory_usage: [],
    };
    let model_stats = counted.into_iter().map(entry).collect();
    Ok(Json(Body { model_stats }))
}
