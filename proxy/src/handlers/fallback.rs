//! What no route takes.

use http::{Method, Uri};

use crate::error::ApiError;

/// There is nothing at this path.
pub async fn not_found(uri: Uri) -> ApiError {
    ApiError::not_found(uri.path())
}

/// There is, but only for the methods that are `allowed`. axum adds `Allow`, but not before every
/// layer has had the answer, so the route has to say here what it takes.
pub async fn method_not_allowed(allowed: &str, method: Method, uri: Uri) -> ApiError {
    ApiError::method_not_allowed(allowed, &method, uri.path())
}
