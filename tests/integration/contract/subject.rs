use std::path::Path;
use std::sync::Arc;

use conch_proxy::backend::triton;
use conch_proxy::config::TritonArgs;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::message::Message;
use crate::support::{Answer, TestServer, engine_of, options};

/// The model that all clauses ask for.
pub(super) const MODEL: &str = "efficientnet_lite0";
/// Its path.
pub(super) const MODEL_PATH: &str = "/v2/models/efficientnet_lite0";

/// A server under test, asked over HTTP.
pub(super) struct Subject {
    pub(super) name: &'static str,
    base: String,
    http: reqwest::Client,
}

impl Subject {
    fn at(name: &'static str, base: String) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { name, base, http }
    }

    pub(super) fn triton(url: &str) -> Self {
        Self::at("Triton", url.to_owned())
    }

    pub(super) async fn conch_with_the_embedded_engine(repository: &Path) -> Self {
        let engine = engine_of(repository, &[]).unwrap();
        let conch = TestServer::over(Arc::new(engine), &[]);
        Self::at("conch with the embedded engine", conch.listen().await)
    }

    pub(super) async fn conch_before(triton: &str, repository: &Path) -> Self {
        let args = options::<TritonArgs>(&["--triton", triton]);
        let backend = triton::Triton::start(&args, Some(repository.to_owned()));
        let conch = TestServer::over(Arc::new(backend.await), &[]);
        Self::at("conch before Triton", conch.listen().await)
    }

    /// Whether it is Triton itself.
    pub(super) fn is_triton(&self) -> bool {
        self.name == "Triton"
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// The body of a 200.
    #[track_caller]
    pub(super) fn json(&self, path: &str) -> impl Future<Output = Value> {
        let answer = self.get(path);
        async move { answer.await.json() }
    }

    pub(super) async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        self.send(Method::POST, path, |request| request.body(body))
            .await
    }

    /// Sends a request for inference.
    pub(super) async fn infer(&self, message: &Message) -> Answer {
        let body = message.body();
        self.send(Method::POST, &message.path, |request| {
            message.headers(request).body(body)
        })
        .await
    }

    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let response = with(request).send().await;
        let response = response.unwrap_or_else(|e| panic!("{}: {path}: {e:?}", self.name));
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap(),
        }
    }
}
