//! Connections: accepting them, bounding how long their headers may take, ending them well.
//!
//! `axum::serve` sets no timer, so a client that never finishes its headers would hold a
//! connection for ever; hence hyper's own builder. HTTP/1 only so far.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long to wait after a failed accept, which is out of file handles as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Most bytes that a connection reads at once. A body is put together elsewhere, so this is memory
/// that every connection may hold beside it; hyper's own 408 KiB are no quicker.
const READ_BUFFER: usize = 128 * 1024;

/// How connections begin and end.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for a request's headers.
    pub header_timeout: Duration,
    /// Time that requests in flight get at the end.
    pub grace: Duration,
}

/// Where connections come in.
pub struct Door {
    /// The port.
    pub listener: TcpListener,
    /// With HTTPS, what a handshake gets.
    pub tls: Option<Arc<ServerConfig>>,
}

/// Who sent a request, and how; an extension of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The other end's address; an IPv4 one as such, also where it came in by IPv6.
    pub ip: IpAddr,
    /// Whether by HTTPS.
    pub is_secure: bool,
}

/// Serves until `end` is there, then lets requests in flight finish.
pub async fn serve(door: Door, app: Router, limits: Limits, end: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(READ_BUFFER);
    let tls = door.tls.map(TlsAcceptor::from);
    let mut end = pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut end => break,
            accepted = door.listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Answers are small and wanted at once.
        stream.set_nodelay(true).ok();
        let connection = Connection {
            app: app.clone(),
            builder: builder.clone(),
            watcher: graceful.watcher(),
            peer: Peer {
                ip: peer.ip().to_canonical(),
                is_secure: tls.is_some(),
            },
        };
        match tls.clone() {
            None => tokio::spawn(connection.serve(stream)),
            Some(tls) => tokio::spawn(connection.shake_hands(tls, stream, limits.header_timeout)),
        };
    }
    drop(door.listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(grace = ?limits.grace, "some requests did not finish in time");
    }
}

/// One connection, before it speaks HTTP.
struct Connection {
    app: Router,
    builder: http1::Builder,
    watcher: Watcher,
    peer: Peer,
}

impl Connection {
    async fn shake_hands(self, tls: TlsAcceptor, stream: TcpStream, limit: Duration) {
        match tokio::time::timeout(limit, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            // Who does not trust our authority yet goes away here: no event either.
            Ok(Err(error)) => tracing::debug!(%error, peer = %self.peer.ip, "handshake failed"),
            Err(_) => tracing::debug!(peer = %self.peer.ip, "handshake took too long"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let peer = self.peer;
        let app = self.app.map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request
        });
        let service = TowerToHyperService::new(app);
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        // A client that goes away is no event.
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "connection ended");
        }
    }
}
