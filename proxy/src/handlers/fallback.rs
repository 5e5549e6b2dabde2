//! What no route takes.

use http::{Method, Uri};

use crate::error::ApiError;

/// There is nothing at this path.
pub async fn not_found(uri: Uri) -> ApiError {
    ApiError::not_found(uri.path())
}

/// There is, but not for this method; axum adds `Allow`.
pub async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    ApiError::method_not_allowed(&method, uri.path())
}
