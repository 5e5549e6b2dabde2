//! One connection, from the handshake to its end.

use axum::Router;
use axum::response::Response;
use http::header::CONNECTION;
use http::{HeaderValue, Version};
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::pace::Paced;
use super::{Limits, Peer, protocol};
use crate::admission::pool::Share;
use crate::shutdown::{Phase, Phases};

/// One connection.
pub(super) struct Connection {
    pub(super) app: Router,
    pub(super) limits: Limits,
    pub(super) watcher: Watcher,
    pub(super) phases: Phases,
    pub(super) peer: Peer,
    /// Its place, until it ends.
    pub(super) place: Share,
}

impl Connection {
    pub(super) async fn serve(mut self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let Limits { headers, slow, .. } = self.limits;
        let Some(tls) = tls else {
            return self.speak(Paced::new(stream, slow), false).await;
        };
        match tokio::time::timeout(headers, tls.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                if is_http2 && self.place.grow(protocol::HTTP2_PLACES - 1).is_err() {
                    return tracing::debug!(peer = %self.peer.ip, "no place for HTTP/2");
                }
                self.speak(Paced::new(stream, slow), is_http2).await;
            }
            // Who does not trust our authority yet goes away here: no event either.
            Ok(Err(error)) => tracing::debug!(%error, peer = %self.peer.ip, "handshake failed"),
            Err(_) => tracing::debug!(peer = %self.peer.ip, "handshake took too long"),
        }
    }

    async fn speak(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        is_http2: bool,
    ) {
        let (peer, phases) = (self.peer, self.phases);
        let app = self
            .app
            .map_request(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                request
            })
            .map_response(move |response| last_if_leaving(response, &phases));
        let service = TowerToHyperService::new(app);
        let stream = TokioIo::new(stream);
        let ended = if is_http2 {
            let connection = protocol::http2().serve_connection(stream, service);
            self.watcher.watch(connection).await
        } else {
            let connection = protocol::http1(self.limits.headers).serve_connection(stream, service);
            self.watcher.watch(connection).await
        };
        // A client that goes away is no event.
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
        drop(self.place);
    }
}

/// Before the end, an answer says that no other comes on its connection, so that nobody sends a request
/// into one that is just being closed. HTTP/2 has a message of its own for that.
fn last_if_leaving(mut response: Response, phases: &Phases) -> Response {
    if *phases.borrow() != Phase::Serving && response.version() < Version::HTTP_2 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}
