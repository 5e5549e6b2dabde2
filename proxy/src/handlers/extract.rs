//! What handlers take out of a request's path and query.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::backend::{ModelId, is_model_name};
use crate::classify::Wanted;
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

/// `?top_k=` or `?class=`, where one is there. `class` may be given several times.
pub struct WantedLabels(pub Wanted);

impl<S: Send + Sync> FromRequestParts<S> for WantedLabels {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let classes: Result<Vec<usize>, ApiError> = values(query, "class")
            .map(|value| value.parse().or(Err(ApiError::bad_class(value))))
            .collect();
        let top_k = values(query, "top_k")
            .next()
            .map(|value| value.parse().or(Err(ApiError::bad_top_k(value))))
            .transpose();
        match (classes?, top_k?) {
            (classes, top_k) if classes.is_empty() => Ok(Self(Wanted::Best(top_k))),
            (classes, None) => Ok(Self(Wanted::Classes(classes))),
            (_, Some(_)) => Err(ApiError::class_and_top_k()),
        }
    }
}

/// What a query says of a key, each time that it does; a key alone says nothing, "".
fn values<'q>(query: &'q str, key: &'static str) -> impl Iterator<Item = &'q str> {
    query.split('&').filter_map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name == key).then_some(value)
    })
}
