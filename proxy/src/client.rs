//! A client of another `conch`, for the command line's `--server`.

use anyhow::{Context, bail, ensure};
use conch_shared::api::{Classification, ModelList, Problem};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, binary};
use reqwest::{Response, Url};
use serde::de::DeserializeOwned;

/// Longest answer that is read, bytes; a thousand labels take a hundred thousand.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// A server.
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// A server at `http://host:port`.
    ///
    /// # Errors
    /// When the address is none that this program can speak to.
    pub fn new(server: &str) -> anyhow::Result<Self> {
        let base: Url = server
            .parse()
            .with_context(|| format!("--server {server}: expected http://host:port"))?;
        ensure!(
            base.scheme() == "http" && base.has_host(),
            "--server {server}: expected http://host:port"
        );
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(std::time::Duration::from_secs(10))
            .build()?;
        Ok(Self { http, base })
    }

    /// All its models.
    ///
    /// # Errors
    /// When it is away, or answers what cannot be read.
    pub async fn models(&self) -> anyhow::Result<ModelList> {
        let request = self.http.get(self.path(&["api", "models"])?);
        self.answer(request).await
    }

    /// Classifies a tensor.
    ///
    /// # Errors
    /// The server's own sentence where it refuses; else as [`models`](Self::models).
    pub async fn classify(
        &self,
        model: &str,
        request: &InferRequest,
        top_k: usize,
    ) -> anyhow::Result<Classification> {
        let mut url = self.path(&["api", "models", model, "classify"])?;
        url.query_pairs_mut()
            .append_pair("top_k", &top_k.to_string());
        let frame = binary::encode_request(request);
        let request = self
            .http
            .post(url)
            .header(HEADER_LENGTH, frame.header_len)
            .header(http::header::CONTENT_TYPE, "application/octet-stream")
            .body(frame.body);
        self.answer(request).await
    }

    fn path(&self, segments: &[&str]) -> anyhow::Result<Url> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut path) => path.pop_if_empty().extend(segments),
            Err(()) => bail!("{} takes no path", self.base),
        };
        Ok(url)
    }

    async fn answer<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> anyhow::Result<T> {
        let away = || format!("no answer from {}; is a conch serving there?", self.base);
        let response = request.send().await.with_context(away)?;
        let status = response.status();
        let body = bounded(response).await.with_context(away)?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .with_context(|| format!("{} does not answer like a conch", self.base));
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => bail!("{}", problem.detail),
            Err(_) => bail!("{} answers {status}", self.base),
        }
    }
}

async fn bounded(mut response: Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        ensure!(
            body.len() + chunk.len() <= MAX_ANSWER,
            "the answer is too long"
        );
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
