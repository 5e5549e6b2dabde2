//! `POST /api/models/{name}/classify`.

use axum::Json;
use axum::extract::State;
use conch_shared::api::Classification;
use http::HeaderName;

use super::deadline::in_time;
use super::extract::{ModelPath, WantedLabels};
use super::upload::Upload;
use crate::AppState;
use crate::backend::Timings;
use crate::classify;
use crate::error::ApiError;

/// Times of a request, for a browser's developer tools and for the page.
pub const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

type Answer = ([(HeaderName, String); 1], Json<Classification>);

/// Classifies the photos of one tensor.
///
/// # Errors
/// 400 for what is wrong with the request, 404 for an unknown model, 413 for a body over the
/// limit, 415 for an unknown compression, 503 for a model that cannot answer now.
pub async fn classify(
    State(state): State<AppState>,
    ModelPath(id): ModelPath,
    WantedLabels(wanted): WantedLabels,
    upload: Upload,
) -> Result<Answer, ApiError> {
    let model = state.backend.model(&id.name).await?;
    let (request, _place) = upload.binary_request(&state).await?;
    let input = classify::only_input(&model, request)?;
    let answer = classify::classify(&*state.backend, &model, input, wanted);
    let (classification, timings) = in_time(&state, &id, answer).await?;
    Ok((
        [(SERVER_TIMING, server_timing(timings))],
        Json(classification),
    ))
}

/// Milliseconds, as the header's `dur` wants them (W3C Server Timing, section 3.1); times that the
/// backend cannot tell are left out.
pub(super) fn server_timing(timings: Timings) -> String {
    let named = [
        ("queue", timings.queue),
        ("infer", timings.infer),
        ("upstream", timings.upstream),
    ];
    let metric = |(name, duration): (&str, Option<std::time::Duration>)| {
        let ms = duration?.as_secs_f64() * 1000.0;
        Some(format!("{name};dur={ms:.3}"))
    };
    let metrics: Vec<String> = named.into_iter().filter_map(metric).collect();
    metrics.join(", ")
}
