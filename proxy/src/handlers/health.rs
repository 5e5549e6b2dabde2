//! `/health/…`, for orchestrators.

use axum::extract::State;

use crate::AppState;
use crate::backend;
use crate::error::ApiError;

/// The process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// A model can answer.
///
/// # Errors
/// 503 until one can.
pub async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    match backend::is_ready(&*state.backend).await {
        true => Ok("ready\n"),
        false => Err(ApiError::not_ready()),
    }
}
