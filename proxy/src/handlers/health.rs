//! `/health/…`, for orchestrators.

use axum::extract::State;

use crate::AppState;
use crate::error::ApiError;

/// The process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// A model can answer.
///
/// # Errors
/// 503 until one can, and once the server is told to end.
pub async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    match state.is_ready().await {
        true => Ok("ready\n"),
        false => Err(ApiError::not_ready()),
    }
}
