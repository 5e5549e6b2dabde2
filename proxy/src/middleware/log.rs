//! One line a request, and one span where somebody collects them.

use std::time::{Instant, SystemTime};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::RequestId;
use super::count::Taken;
use crate::error::ApiError;
use crate::metrics::method_name;
use crate::trace::{Exporter, Span, Trace};

/// Logs method, path, status, milliseconds, the request's id and its trace's; of a problem also its
/// code and its private cause. The query stays out: it may hold what is nobody else's business.
pub(super) async fn log(
    State(spans): State<Option<Exporter>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let trace = Trace::of(request.headers(), spans.is_some());
    let taken = Taken::of(&request);
    let response = trace.around(next.run(request)).await;
    let status = response.status().as_u16();
    let took = begun.elapsed();
    // Rounded here, so that it is a number in JSON, too.
    let ms = (took.as_secs_f64() * 10_000.0).round() / 10.0;
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
    if let Some(spans) = spans.filter(|_| trace.is_sampled) {
        let error = response.extensions().get::<ApiError>();
        spans.send(Span {
            trace,
            method: method_name(&method),
            path: Span::path(&path),
            route: taken.by().template().map(str::to_owned),
            status: response.status(),
            code: error.map(|error| error.problem.code.clone()),
            request_id: request_id.to_owned(),
            ended: SystemTime::now(),
            took,
        });
    }
    response
}
