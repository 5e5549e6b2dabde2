//! One line a request.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::RequestId;
use crate::error::ApiError;

/// Logs method, path, status, milliseconds and the request's id; of a problem also its code and
/// its private cause. The query stays out: it may hold what is nobody else's business.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    let ms = format_args!("{ms:.1}");
    let id = id.as_str();
    match response.extensions().get::<ApiError>() {
        Some(ApiError {
            problem,
            cause: Some(cause),
            ..
        }) => {
            let code = &problem.code;
            tracing::error!(%method, path, status, %ms, id, code, cause, "request");
        }
        Some(error) => {
            let code = &error.problem.code;
            tracing::info!(%method, path, status, %ms, id, code, "request");
        }
        None => tracing::info!(%method, path, status, %ms, id, "request"),
    }
    response
}
