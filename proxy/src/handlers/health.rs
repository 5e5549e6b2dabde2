//! `/health/…`, for orchestrators.

use axum::extract::State;
use conch_shared::api::ModelState;

use crate::AppState;
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
    let models = state.backend.models().await;
    if models
        .iter()
        .any(|model| model.info.state == ModelState::Ready)
    {
        Ok("ready\n")
    } else {
        Err(ApiError::not_ready())
    }
}
