//! `POST /v2/models/{name}[/versions/{version}]/infer`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use conch_shared::kserve::HEADER_LENGTH;
use conch_shared::kserve::binary::{Frame, encode_response};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};

use super::find;
use crate::AppState;
use crate::error::ApiError;
use crate::handlers::classify::{SERVER_TIMING, server_timing};
use crate::handlers::deadline::in_time;
use crate::handlers::extract::ModelPath;
use crate::handlers::upload::Upload;
use crate::infer;

/// Runs a model.
///
/// # Errors
/// 400 for what is wrong with the request, 404 for an unknown model or version, 413 for a body over
/// the limit, 415 for an unknown compression, 503 for a model that cannot answer now.
pub async fn infer(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
    upload: Upload,
) -> Result<Response, ApiError> {
    let model = find(&state, &id).await?;
    let (request, _place) = upload.request(&state).await?;
    let answer = infer::infer(&*state.backend, &model, id.version, request);
    let (response, timings) = in_time(&state, &id, answer).await?;
    let Frame { header_len, body } = encode_response(&response);
    let timing = [(SERVER_TIMING, server_timing(timings))];
    let json = HeaderValue::from_static("application/json");
    let bytes = HeaderValue::from_static("application/octet-stream");
    Ok(match header_len == body.len() {
        true => (timing, [(CONTENT_TYPE, json)], body).into_response(),
        false => {
            let length = (HeaderName::from_static(HEADER_LENGTH), header_len.into());
            (timing, [(CONTENT_TYPE, bytes), length], body).into_response()
        }
    })
}
