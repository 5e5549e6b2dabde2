//! A name for every request, in its answer, in the log, and in problem documents; hence the bodies
//! of all errors.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

use crate::error::{ApiError, ErrorFormat};
use crate::random;

/// The header that carries the id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken from a client, bytes.
const MAX_LEN: usize = 64;

/// A request's id: the client's own where it sends a decent one.
#[derive(Clone, Debug, Default)]
pub struct RequestId(String);

impl RequestId {
    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_client(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let decent = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let fits = (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(decent);
        fits.then(|| Self(text.to_owned()))
    }

    fn fresh() -> Self {
        Self(format!("{:016x}", random::number()))
    }
}

/// Names the request, and its answer after it; gives an error its body.
pub(super) async fn identify(mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(RequestId::from_client)
        .unwrap_or_else(RequestId::fresh);
    request.extensions_mut().insert(id.clone());
    let format = ErrorFormat::of(request.uri().path());
    let is_head = request.method() == http::Method::HEAD;
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions().get::<ApiError>() {
        let body = format.body(error, id.as_str());
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, body.len().into());
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(format.content_type()),
        );
        *response.body_mut() = if is_head {
            Body::empty()
        } else {
            Body::from(body)
        };
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
