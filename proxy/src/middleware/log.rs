//! One line a request.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::RequestId;
use crate::error::ApiError;
use crate::trace::Trace;

/// Logs method, path, status, milliseconds, the request's id and its trace's; of a problem also its
/// code and its private cause. The query stays out: it may hold what is nobody else's business.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let trace = Trace::of(request.headers(), false);
    let response = trace.around(next.run(request)).await;
    let status = response.status().as_u16();
    // Rounded here, so that it is a number in JSON, too.
    let ms = (begun.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    let request_id = id.as_str();
    let trace_id = trace.hex();
    match response.extensions().get::<ApiError>() {
        Some(ApiError {
            problem,
            cause: Some(cause),
            ..
        }) => {
            let code = &problem.code;
            tracing::error!(%method, path, status, ms, request_id, %trace_id, code, cause, "request");
        }
        Some(error) => {
            let code = &error.problem.code;
            tracing::info!(%method, path, status, ms, request_id, %trace_id, code, "request");
        }
        None => tracing::info!(%method, path, status, ms, request_id, %trace_id, "request"),
    }
    response
}
