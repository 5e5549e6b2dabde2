//! What handlers take out of a request's path and query.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::backend::{ModelId, is_model_name};
use crate::error::ApiError;

/// The `{name}` of the path, decoded, and its `{version}` where the route has one. What can be no
/// model's folder, or no version, is 404 before any backend hears of it.
pub struct ModelPath(pub ModelId);

impl<S: Send + Sync> FromRequestParts<S> for ModelPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let nothing = || ApiError::not_found(parts.uri.path());
        let (mut name, mut version) = (None, None);
        // Bytes that are no text name no model.
        for (key, value) in &params.map_err(|_not_utf8| nothing())? {
            match key {
                "name" => name = Some(value.to_owned()).filter(|name| is_model_name(name)),
                "version" => version = Some(number_of(value).ok_or_else(nothing)?),
                _ => {}
            }
        }
        let name = name.ok_or_else(nothing)?;
        Ok(Self(ModelId { name, version }))
    }
}

/// A version: digits alone, which may begin with zeros.
fn number_of(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
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
