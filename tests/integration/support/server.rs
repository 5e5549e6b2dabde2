use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use clap::Parser;
use conch_proxy::backend::Backend;
use conch_proxy::config::ServeArgs;
use conch_proxy::server::{self, Door, Limits};
use conch_proxy::trace::Exporter;
use conch_proxy::{AppState, build_router};
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::tensor::Tensor;
use http::Request;
use http::request::Builder;
use http_body_util::BodyExt;
use tokio::net::TcpListener;
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
        let state = AppState {
            backend,
            spans: Exporter::start(&config.traces).unwrap(),
            config: Arc::new(config),
            lan: None,
            metrics: Arc::default(),
            started: Instant::now(),
        };
        Self {
            app: build_router(state),
        }
    }

    /// Serves it over HTTP on a free port until the test ends; gives the address.
    pub(crate) async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits {
            header_timeout: Duration::from_secs(10),
            grace: Duration::ZERO,
        };
        let app = self.app.clone();
        let door = Door {
            listener,
            tls: None,
        };
        tokio::spawn(server::serve(door, app, limits, std::future::pending()));
        format!("http://{address}")
    }

    pub(crate) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let request = request.body(body.into()).unwrap();
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
