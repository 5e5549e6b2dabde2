//! What is refused before anybody looks at what it asks for.

use std::time::Duration;

use http::StatusCode;

use super::{ApiError, Hint};
use crate::admission::RETRY_AFTER;

/// How to show a token: as the password that a browser asks for by itself, or as programs do. A line each:
/// Chromium reads the first challenge of a line alone.
pub(super) const CHALLENGES: [&str; 2] = [
    "Basic realm=\"Conch\", charset=\"UTF-8\"",
    "Bearer realm=\"Conch\"",
];

impl ApiError {
    /// 503: the server has as much as it takes.
    pub fn overloaded(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "Too many requests at once",
            detail,
        )
        .hint(Hint::RetryAfter(RETRY_AFTER))
    }

    /// 429: a client asks more often than it may.
    pub fn too_often(per_second: u32, wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        let detail =
            format!("This client may ask {per_second} times a second and has asked more often.");
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_often",
            "Too many requests",
            detail,
        )
        .hint(Hint::RetryAfter(seconds))
    }

    /// 426: HTTP/1.0, whose bodies may end with the connection.
    pub fn old_http() -> Self {
        let detail = "This server speaks HTTP/1.1 and HTTP/2; a proxy before it may have to be told \
            (nginx: proxy_http_version 1.1).";
        Self::new(
            StatusCode::UPGRADE_REQUIRED,
            "old_http",
            "HTTP/1.1 required",
            detail,
        )
        .hint(Hint::Upgrade)
    }

    /// 411: a body in pieces of unknown number.
    pub fn length_required() -> Self {
        let detail = "The body comes in pieces (Transfer-Encoding); send it with its length in \
            Content-Length.";
        Self::new(
            StatusCode::LENGTH_REQUIRED,
            "length_required",
            "Length required",
            detail,
        )
        .hint(Hint::Close)
    }

    /// 431: headers of more than `limit` bytes.
    pub fn headers_too_large(limit: usize, found: usize) -> Self {
        let detail =
            format!("The headers must be at most {limit} bytes in all; these are {found}.");
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "Headers too large",
            detail,
        )
        .hint(Hint::Close)
    }

    /// 400: the request does not say which server it is for.
    pub fn no_host(found: Option<&str>) -> Self {
        let detail = "The request names no host that can be read, in Host or in its address.";
        Self::bad("no_host", "No host", detail).values("a host", found.unwrap_or("none"))
    }

    /// 421: the request is for a server of another name.
    pub fn misdirected(host: &str) -> Self {
        let detail = format!(
            "This server is not known as \"{host}\". If it should be, start it with --host {host}."
        );
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "misdirected",
            "Another server's name",
            detail,
        )
    }

    /// 403: another site's page sends it.
    pub fn foreign_origin(origin: &str) -> Self {
        let detail = format!(
            "A page of \"{origin}\" may not send this. If it should, start the server with \
             --cors-origin and its origin."
        );
        Self::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "Another site's page",
            detail,
        )
    }

    /// 401: no token that is known.
    pub fn no_token(was_given: bool) -> Self {
        let detail = match was_given {
            true => "The token is not one of this server's.",
            false => {
                "This takes a token, as Authorization: Bearer TOKEN, or as the password that the \
                 browser asks for."
            }
        };
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no_token",
            "Token required",
            detail,
        )
        .hint(Hint::Authenticate)
    }
}
