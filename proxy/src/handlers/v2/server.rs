//! `GET /v2`, `/v2/health/live`, `/v2/health/ready`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use conch_shared::kserve::metadata::ServerMetadata;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::AppState;
use crate::error::ApiError;

/// Name, version and extensions of what runs the models.
pub async fn server(State(state): State<AppState>) -> Json<ServerMetadata> {
    Json(state.backend.server().await)
}

/// The process answers.
pub async fn live() -> Response {
    yes()
}

/// A model can answer.
///
/// # Errors
/// 400, as Triton, until one can, and once the server is told to end.
pub async fn ready(State(state): State<AppState>) -> Result<Response, ApiError> {
    match state.is_ready().await {
        true => Ok(yes()),
        false => Err(ApiError::not_ready_in_triton_words("Server not ready")),
    }
}

/// Triton says it by the status alone.
pub(super) fn yes() -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))], ()).into_response()
}
