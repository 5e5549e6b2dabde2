//! The only place that maps to status codes: every refusal as a problem document (RFC 9457), or,
//! under `/v2`, as Triton's `{"error": "…"}`.

mod format;
mod from;
mod refusal;

use crate::backend::{BackendError, ModelId};
use crate::server::MIN_RATE;
use axum::response::{IntoResponse, Response};
use conch_shared::api::Problem;
use http::header::{ACCEPT_ENCODING, CONNECTION, RETRY_AFTER, UPGRADE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};

pub(crate) use format::ErrorFormat;

/// The compressions that a body may have, as the header `Accept-Encoding` lists them.
const ENCODINGS: &str = "gzip, deflate";

/// What a client is told, and what the log is told besides.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The public part. Its request id is filled in by [`crate::middleware`].
    pub problem: Box<Problem>,
    /// The private part, logged once, beside the request's id.
    pub cause: Option<String>,
    /// What Triton says of it, where its users would search for that.
    triton_words: Option<String>,
    /// What else the client should know.
    hint: Option<Hint>,
}

/// A header of an error.
#[derive(Clone, Copy, Debug)]
enum Hint {
    /// Seconds after which another try makes sense.
    RetryAfter(u32),
    /// The compressions that are taken.
    AcceptEncoding,
    /// How to show a token.
    Authenticate,
    /// The connection ends: what follows on it may be read as something else.
    Close,
    /// The connection ends, and the next one should speak HTTP/1.1.
    Upgrade,
}

impl ApiError {
    fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem {
                kind: "about:blank".to_owned(),
                title: title.to_owned(),
                status: status.as_u16(),
                detail: sentence(&short(&detail.into())),
                code: code.to_owned(),
                expected: None,
                found: None,
                request_id: None,
            }),
            cause: None,
            triton_words: None,
            hint: None,
        }
    }

    fn bad(code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, title, detail)
    }

    fn values(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.problem.expected = Some(short(&expected.into()));
        self.problem.found = Some(short(&found.into()));
        self
    }

    fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    fn in_triton_words(mut self, words: impl Into<String>) -> Self {
        self.triton_words = Some(words.into());
        self
    }

    fn hint(mut self, hint: Hint) -> Self {
        self.hint = Some(hint);
        self
    }

    /// 404: nothing at this path.
    pub fn not_found(path: &str) -> Self {
        let detail = format!("There is nothing at {path}.");
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    /// 405: not with this method, but with those that are `allowed`.
    pub fn method_not_allowed(allowed: &str, method: &Method, path: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
            format!("{path} takes {allowed}, not {method}."),
        )
        .values(allowed, method.as_str())
    }

    /// 400: a header that the request needs is not there.
    pub fn missing_header(name: &str) -> Self {
        let detail = format!(
            "The header {name} is missing; it gives the length of the JSON header in bytes."
        );
        Self::bad("missing_header", "Missing header", detail).values(name, "none")
    }

    /// 400: a header that should be a number is none.
    pub fn bad_number(name: &str, found: &str) -> Self {
        let detail = format!("The header {name} is not a number of bytes: \"{found}\".");
        Self::bad("bad_header", "Unreadable header", detail).values("a number of bytes", found)
    }

    /// 400: `top_k` is no number.
    pub fn bad_top_k(found: &str) -> Self {
        let detail = format!(
            "The query's top_k, the number of labels a photo, must be 1 or more; got \"{found}\"."
        );
        Self::bad("bad_top_k", "Bad top_k", detail).values("a number from 1", found)
    }

    /// 400: `class` is no number.
    pub fn bad_class(found: &str) -> Self {
        let detail = format!(
            "The query's class, the number of a class, must be 0 or more; got \"{found}\"."
        );
        Self::bad("bad_class", "Bad class", detail).values("a number from 0", found)
    }

    /// 400: `class` and `top_k` in one query.
    pub fn class_and_top_k() -> Self {
        let detail = "The query has both class and top_k. With class, the answer holds those \
            classes and no others; leave one of the two out.";
        Self::bad("class_and_top_k", "Class and top_k", detail).values("class or top_k", "both")
    }

    /// 413: the body is longer than `limit` bytes.
    pub fn body_too_large(limit: usize, found: Option<usize>) -> Self {
        let found = found.map_or_else(|| "more".to_owned(), |length| format!("{length} bytes"));
        let expected = format!("at most {limit} bytes");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "Body too large",
            format!("The body must be {expected}; this one is {found}."),
        )
        .values(expected, found)
    }

    /// 415: the body is compressed in a way that is not taken.
    pub fn unknown_encoding(found: &str) -> Self {
        let detail =
            format!("A body may be compressed with one of {ENCODINGS}; this one is \"{found}\".");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unknown_encoding",
            "Unknown compression",
            detail,
        )
        .values(ENCODINGS, found)
        .hint(Hint::AcceptEncoding)
    }

    /// 400: the body cannot be decompressed.
    pub fn bad_encoding(encoding: &str, reason: &str) -> Self {
        let detail = format!("The body cannot be decompressed as {encoding}: {reason}.");
        Self::bad("bad_encoding", "Damaged body", detail).values(encoding, reason)
    }

    /// 400: a body that should be JSON is none.
    pub fn bad_json(reason: &str) -> Self {
        let detail = format!("The body is not the JSON that is expected here: {reason}.");
        Self::bad("bad_json", "Unreadable body", detail)
    }

    /// 408: the body came too slowly.
    pub fn body_timeout(seconds: u64) -> Self {
        let detail = format!(
            "The body came too slowly: for {seconds} seconds at less than {MIN_RATE} bytes a second."
        );
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "body_timeout",
            "Body too slow",
            detail,
        )
        .hint(Hint::Close)
    }

    /// 400: the connection broke in the middle of the body.
    pub fn body_cut(cause: String) -> Self {
        Self::bad("body_cut", "Body cut short", "The body ended too early.").cause(cause)
    }

    /// 503: no model can answer.
    pub fn not_ready() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            "Not ready",
            "No model can answer yet.",
        )
    }

    /// 400: as Triton says it where a server or a model is asked whether it is ready, and is not.
    pub fn not_ready_in_triton_words(words: &str) -> Self {
        Self::bad("not_ready", "Not ready", words).in_triton_words(words)
    }

    /// 400: Triton's answer where statistics are asked of what does not run; else the error itself.
    pub fn no_statistics(error: BackendError) -> Self {
        let words = match &error {
            BackendError::UnknownModel { model, .. } | BackendError::Unavailable { model, .. } => {
                format!("requested model '{model}' is not available")
            }
            BackendError::UnknownVersion { model, .. } => {
                format!("requested model version is not available for model '{model}'")
            }
            _ => return error.into(),
        };
        Self::bad("no_statistics", "No statistics", &words).in_triton_words(words)
    }

    /// 503: a model is there and does not run. Triton says 404 where no version of it runs; it may
    /// come back all the same, so a client should not take it for gone.
    pub fn model_unavailable(id: &ModelId, reason: &str) -> Self {
        let model = &id.name;
        let words = match id.version {
            None => format!("Request for unknown model: '{model}' has no available versions"),
            Some(version) => format!(
                "Request for unknown model: '{model}' version {version} is not at ready state"
            ),
        };
        Self::from(BackendError::Unavailable {
            model: model.clone(),
            reason: reason.to_owned(),
        })
        .in_triton_words(format!("{words}: {reason}"))
    }

    /// 403: the metrics are not for those elsewhere.
    pub fn metrics_closed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "metrics_closed",
            "Metrics are closed",
            "The metrics are for programs of the server's own machine; --metrics-public opens them.",
        )
    }

    /// 500: a fault of ours.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
            "The server failed on this request. Its log says why, under the request's id.",
        )
        .cause(cause)
    }
}

impl IntoResponse for ApiError {
    /// Status and headers alone: the body depends on the path, and is [`crate::middleware`]'s.
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        let headers = response.headers_mut();
        match self.hint {
            Some(Hint::RetryAfter(seconds)) => headers.insert(RETRY_AFTER, seconds.into()),
            Some(Hint::AcceptEncoding) => {
                headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(ENCODINGS))
            }
            Some(Hint::Authenticate) => {
                for challenge in refusal::CHALLENGES {
                    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
                }
                None
            }
            Some(Hint::Close) => headers.insert(CONNECTION, HeaderValue::from_static("close")),
            Some(Hint::Upgrade) => {
                headers.insert(UPGRADE, HeaderValue::from_static("HTTP/1.1"));
                headers.insert(CONNECTION, HeaderValue::from_static("upgrade, close"))
            }
            None => None,
        };
        response.extensions_mut().insert(self);
        response
    }
}

/// Longest text of an error, characters. Texts name what was found, and a client may send megabytes.
const MAX_TEXT: usize = 8000;

/// The text, or its beginning.
fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// An error's text as a sentence for people.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let stop = if text.ends_with(['.', '…', '\n']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", letters.as_str())
}
