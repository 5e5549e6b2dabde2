//! `GET /metrics`, for Prometheus.

use axum::Extension;
use axum::extract::State;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName};

use crate::AppState;
use crate::error::ApiError;
use crate::metrics;
use crate::server::Peer;

/// What a proxy adds to a request of somebody else's.
const FORWARDED: [&str; 2] = ["forwarded", "x-forwarded-for"];

/// What is counted and measured.
///
/// # Errors
/// 403 to whoever is not on this machine, unless the options open it to all.
pub async fn metrics(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 1], String), ApiError> {
    // Without a connection there is no peer either: the request comes out of this process.
    let is_near = peer.is_none_or(|Extension(peer)| peer.ip.is_loopback());
    let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if !state.config.metrics.metrics_public && (!is_near || is_forwarded) {
        return Err(ApiError::metrics_closed());
    }
    let text = state.metrics.exposition(&state).await;
    let text = text.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text))
}
