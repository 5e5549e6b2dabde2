//! What handlers take out of a request, each refusing with a problem document.

use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use bytes::{Bytes, BytesMut};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, binary};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use http_body_util::BodyExt;

use crate::AppState;
use crate::error::ApiError;

/// The `{name}` of the path, decoded.
pub struct ModelName(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ModelName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name)),
            // Bytes that are no text name no model.
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(ApiError::not_found(parts.uri.path()))
            }
            Err(error) => Err(ApiError::internal(error.to_string())),
        }
    }
}

/// `?top_k=`, where it is there.
pub struct TopK(pub Option<usize>);

impl<S: Send + Sync> FromRequestParts<S> for TopK {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let value = query
            .split('&')
            .find_map(|pair| match pair.split_once('=') {
                Some(("top_k", value)) => Some(value),
                None if pair == "top_k" => Some(""),
                _ => None,
            });
        match value.map(str::parse) {
            None => Ok(Self(None)),
            Some(Ok(top_k)) => Ok(Self(Some(top_k))),
            Some(Err(_)) => Err(ApiError::bad_top_k(value.unwrap_or_default())),
        }
    }
}

/// The body: a KServe v2 request with binary tensors.
pub struct Infer(pub InferRequest);

impl FromRequest<AppState> for Infer {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limits = &state.config.limits;
        let (parts, body) = request.into_parts();
        let header_len = number(&parts.headers, HEADER_LENGTH)?;
        let announced = number(&parts.headers, CONTENT_LENGTH.as_str())?;
        let timeout = Duration::from_secs(limits.body_timeout);
        let body = read(body, limits.max_body, announced);
        let Ok(body) = tokio::time::timeout(timeout, body).await else {
            return Err(ApiError::body_timeout(limits.body_timeout));
        };
        let body = body?;
        let Some(header_len) = header_len else {
            return Err(ApiError::missing_header(HEADER_LENGTH));
        };
        Ok(Self(binary::decode_request(&body, header_len)?))
    }
}

/// A header's number, if it is there.
fn number(headers: &HeaderMap, name: &'static str) -> Result<Option<usize>, ApiError> {
    let Some(value) = headers.get(HeaderName::from_static(name)) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(ApiError::bad_number(name, &text)),
    }
}

/// How far beyond its limit a body is read and thrown away. A client that is still sending does
/// not listen: closing on it would show it a broken connection in place of the problem document.
const DRAIN_FACTOR: usize = 4;

async fn read(mut body: Body, limit: usize, announced: Option<usize>) -> Result<Bytes, ApiError> {
    let mut kept = BytesMut::with_capacity(announced.unwrap_or(0).min(limit));
    let mut seen = 0usize;
    while seen <= limit.saturating_mul(DRAIN_FACTOR) {
        match body.frame().await {
            None if seen <= limit => return Ok(kept.freeze()),
            None => break,
            Some(Err(error)) => return Err(ApiError::body_cut(error.to_string())),
            Some(Ok(frame)) => {
                let data = frame.into_data().unwrap_or_default();
                seen = seen.saturating_add(data.len());
                if seen <= limit {
                    kept.extend_from_slice(&data);
                }
            }
        }
    }
    Err(ApiError::body_too_large(limit, announced))
}
