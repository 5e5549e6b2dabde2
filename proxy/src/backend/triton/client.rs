//! HTTP to one Triton server: paths made of checked names, answers read with a bound.

use bytes::Bytes;
use conch_shared::kserve::HEADER_LENGTH;
use conch_shared::kserve::binary::Parts;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use super::connections::{Buffers, Connections};
use super::fault::Fault;
use crate::trace::{TRACEPARENT, Trace};

/// Longest answer that is no inference's, bytes: a config with the labels of a hundred thousand
/// classes stays below.
pub(super) const MAX_DOCUMENT: usize = 4 * 1024 * 1024;

/// Longest part of a server's words that goes into the log, characters.
const MAX_WORDS: usize = 300;

/// What is escaped in a segment of a path: all but the unreserved characters (RFC 3986, section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One Triton server.
#[derive(Debug)]
pub(super) struct Client {
    /// `host:port`.
    authority: String,
    host: HeaderValue,
    connections: Connections,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Length of the JSON in front of tensors, where the answer says.
    pub(super) header_len: Option<usize>,
    pub(super) body: Bytes,
}

impl Client {
    /// The server at `host:port`.
    pub(super) fn new(authority: &str) -> Self {
        Self {
            authority: authority.to_owned(),
            host: HeaderValue::from_str(authority).expect("an authority is printable"),
            connections: Connections::default(),
        }
    }

    /// Where it is, for the log.
    pub(super) fn address(&self) -> &str {
        &self.authority
    }

    /// Asks for a document.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Fault> {
        self.get_answer(path).await?.document()
    }

    /// Asks, whatever the answer's status.
    pub(super) async fn get_answer(&self, path: &[&str]) -> Result<Answer, Fault> {
        let request = self.request(Method::GET, path).body(Buffers::default());
        self.send(request, MAX_DOCUMENT).await
    }

    /// Sends JSON and asks for a document.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: impl Into<Bytes>,
    ) -> Result<T, Fault> {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/json")
            .body(Buffers([body.into()].into()));
        self.send(request, MAX_DOCUMENT).await?.document()
    }

    /// Sends tensors; at most `limit` bytes of the answer are read.
    pub(super) async fn infer(
        &self,
        path: &[&str],
        Parts { json, tensors }: Parts,
        limit: usize,
    ) -> Result<Answer, Fault> {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(HEADER_LENGTH, json.len())
            .body(Buffers([json].into_iter().chain(tensors).collect()));
        self.send(request, limit).await
    }

    /// Each of a path's segments is escaped: none can lead elsewhere.
    fn request(&self, method: Method, segments: &[&str]) -> http::request::Builder {
        let mut path = String::new();
        for segment in segments {
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.host);
        match Trace::current() {
            None => request,
            Some(trace) => request.header(TRACEPARENT, trace.traceparent()),
        }
    }

    async fn send(
        &self,
        request: http::Result<Request<Buffers>>,
        limit: usize,
    ) -> Result<Answer, Fault> {
        let request = request.expect("paths and headers are made of checked text");
        let answer = self.connections.ask(&self.authority, request, limit);
        let (head, body) = answer.await?.into_parts();
        let header_len = head.headers.get(HEADER_LENGTH);
        Ok(Answer {
            status: head.status,
            header_len: header_len.and_then(|value| value.to_str().ok()?.parse().ok()),
            body,
        })
    }
}

impl Answer {
    /// Refuses whatever is no 200.
    pub(super) fn is_ok(&self) -> Result<(), Fault> {
        let (status, start) = (self.status, self.start());
        match status {
            StatusCode::OK => Ok(()),
            _ => Err(Fault::Nonsense(format!(
                "expected status 200, found {status}: {start:?}"
            ))),
        }
    }

    /// The JSON of a 200.
    fn document<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        self.is_ok()?;
        serde_json::from_slice(&self.body).map_err(|error| {
            let start = self.start();
            Fault::Nonsense(format!("expected Triton's JSON, found {start:?}: {error}"))
        })
    }

    /// How the body begins, for the log.
    pub(super) fn start(&self) -> String {
        clip(&String::from_utf8_lossy(
            &self.body[..self.body.len().min(4 * MAX_WORDS)],
        ))
    }
}

/// As much of a server's words as goes into the log.
pub(super) fn clip(words: &str) -> String {
    words.chars().take(MAX_WORDS).collect()
}
