use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use clap::Parser;
use conch_proxy::admission::Admission;
use conch_proxy::admission::pool::Pool;
use conch_proxy::backend::Backend;
use conch_proxy::config::ServeArgs;
use conch_proxy::server::{self, Door, Limits};
use conch_proxy::shutdown::Phase;
use conch_proxy::{AppState, build_router};
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::tensor::Tensor;
use http::header::HOST;
use http::request::Builder;
use http::{HeaderValue, Request};
use http_body_util::BodyExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;

use super::{Answer, Fake, parse};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    serve: ServeArgs,
}

/// The application, called without a port.
#[derive(Clone)]
pub(crate) struct TestServer {
    app: Router,
    limits: Limits,
    phase: watch::Sender<Phase>,
    /// What its requests have taken.
    pub(crate) admission: Arc<Admission>,
}

impl TestServer {
    /// With a fake backend and the default options.
    pub(crate) fn new() -> Self {
        Self::with(Fake::default(), &[])
    }

    /// With options as on the command line.
    pub(crate) fn options(options: &[&str]) -> Self {
        Self::with(Fake::default(), options)
    }

    pub(crate) fn with(backend: impl Backend + 'static, options: &[&str]) -> Self {
        Self::over(Arc::new(backend), options)
    }

    pub(crate) fn over(backend: Arc<dyn Backend>, options: &[&str]) -> Self {
        let config = parse::<Line>(options).serve;
        let limits = Limits::new(&config.limits, Duration::ZERO);
        let (phase, phases) = watch::channel(Phase::Serving);
        let state = AppState::new(backend, config, None, phases).unwrap();
        Self {
            admission: state.admission.clone(),
            app: build_router(state),
            limits,
            phase,
        }
    }

    /// Serves it over HTTP on a free port until the test ends; gives the address.
    pub(crate) async fn listen(&self) -> String {
        listen(self.app.clone(), self.limits, self.phase.clone()).await
    }

    pub(crate) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let mut request = request.body(body.into()).unwrap();
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().entry(HOST).or_insert(host);
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a tensor under the name that the fake model and the real ones want.
    pub(crate) async fn classify(&self, model: &str, input: &str, tensor: &Tensor) -> Answer {
        let path = format!("/api/models/{model}/classify");
        self.infer(&path, &[(input, tensor)]).await
    }

    /// Sends tensors to a path.
    pub(crate) async fn infer(&self, path: &str, inputs: &[(&str, &Tensor)]) -> Answer {
        let named = |(name, tensor): &(&str, &Tensor)| NamedTensor {
            name: (*name).to_owned(),
            tensor: (*tensor).clone(),
        };
        let frame = encode_request(&InferRequest {
            inputs: inputs.iter().map(named).collect(),
            ..InferRequest::default()
        });
        self.raw(path, frame.header_len, frame.body).await
    }

    /// Sends bytes that may be no message at all.
    pub(crate) async fn raw(
        &self,
        path: &str,
        header_len: usize,
        body: impl Into<Bytes>,
    ) -> Answer {
        let request = Request::post(path).header(HEADER_LENGTH, header_len);
        self.send(request, Body::from(body.into())).await
    }
}

/// Serves an application over HTTP on a free port until the test ends; gives the address.
pub(crate) async fn listen(app: Router, limits: Limits, phase: watch::Sender<Phase>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door {
        listener,
        tls: None,
        connections: Pool::of(limits.connections),
    };
    tokio::spawn(async move { server::serve(door, app, limits, phase.subscribe()).await });
    format!("http://{address}")
}
