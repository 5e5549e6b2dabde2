//! HTTP to one Triton server: paths made of checked names, answers read with a bound.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use conch_shared::kserve::HEADER_LENGTH;
use conch_shared::kserve::binary::Frame;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use reqwest::{Response, Url};
use serde::de::DeserializeOwned;

use super::fault::Fault;

/// Longest answer that is no inference's, bytes: a config with the labels of a hundred thousand
/// classes stays below.
pub(super) const MAX_DOCUMENT: usize = 4 * 1024 * 1024;

/// Longest part of a server's words that goes into the log, characters.
const MAX_WORDS: usize = 300;

/// Time for a connection. Triton is near; whoever takes longer is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are kept for this long, so that the first photo after a pause waits for none.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// What all replicas share: the pool of connections.
///
/// # Errors
/// When the system refuses what every HTTP client needs.
pub(super) fn http() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        // An answer that leads elsewhere is none of Triton's.
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build()
}

/// One Triton server.
#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
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
    pub(super) fn new(http: reqwest::Client, base: Url) -> Self {
        Self { http, base }
    }

    /// Where it is, for the log.
    pub(super) fn address(&self) -> &str {
        self.base.authority()
    }

    /// Asks for a document.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Fault> {
        self.get_answer(path).await?.document()
    }

    /// Asks, whatever the answer's status.
    pub(super) async fn get_answer(&self, path: &[&str]) -> Result<Answer, Fault> {
        let request = self.http.request(Method::GET, self.path(path));
        send(request, MAX_DOCUMENT).await
    }

    /// Sends JSON and asks for a document.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: impl Into<Bytes>,
    ) -> Result<T, Fault> {
        let request = self
            .http
            .request(Method::POST, self.path(path))
            .header(CONTENT_TYPE, "application/json")
            .body(body.into());
        send(request, MAX_DOCUMENT).await?.document()
    }

    /// Sends tensors; at most `limit` bytes of the answer are read.
    pub(super) async fn infer(
        &self,
        path: &[&str],
        frame: Frame,
        limit: usize,
    ) -> Result<Answer, Fault> {
        let request = self
            .http
            .request(Method::POST, self.path(path))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(HEADER_LENGTH, frame.header_len)
            .body(frame.body);
        send(request, limit).await
    }

    /// The address of a path's segments, each of which is escaped: none can lead elsewhere.
    fn path(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
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

async fn send(request: reqwest::RequestBuilder, limit: usize) -> Result<Answer, Fault> {
    let response = request.send().await.map_err(fault)?;
    let header_len = response.headers().get(HEADER_LENGTH);
    Ok(Answer {
        status: response.status(),
        header_len: header_len.and_then(|value| value.to_str().ok()?.parse().ok()),
        body: read(response, limit).await?,
    })
}

/// Reads a body, of at most `limit` bytes; a longer one is left where it is.
async fn read(mut response: Response, limit: usize) -> Result<Bytes, Fault> {
    let too_long = |found: &str| {
        Fault::Nonsense(format!(
            "expected an answer of at most {limit} bytes, found {found}"
        ))
    };
    let told = response.content_length().unwrap_or(0);
    let told = usize::try_from(told).unwrap_or(usize::MAX);
    if told > limit {
        return Err(too_long(&told.to_string()));
    }
    // A length is told easily; memory beyond the usual answer's is taken when the bytes are there.
    let mut body = BytesMut::with_capacity(told.min(MAX_DOCUMENT));
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        if chunk.len() > limit - body.len() {
            return Err(too_long("more"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn fault(error: reqwest::Error) -> Fault {
    let unreachable = error.is_connect();
    let no_http = is_no_http(&error);
    // With what is behind it, which is what tells.
    let cause = format!("{:#}", anyhow::Error::new(error.without_url()));
    match (unreachable, no_http) {
        (true, _) => Fault::Unreachable(cause),
        (_, true) => Fault::Nonsense(cause),
        (false, false) => Fault::Broken(cause),
    }
}

/// Whether what came was no HTTP.
fn is_no_http(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    let parse = |error: &hyper::Error| error.is_parse();
    causes.any(|cause| cause.downcast_ref().is_some_and(parse))
}
