//! Connections: accepting them, bounding how long their headers may take, ending them well.
//!
//! `axum::serve` sets no timer, so a client that never finishes its headers would hold a
//! connection for ever; hence hyper's own builder. HTTP/1 only: browsers speak HTTP/2 over TLS
//! alone.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// How long to wait after a failed accept, which is out of file handles as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How connections begin and end.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for a request's headers.
    pub header_timeout: Duration,
    /// Time that requests in flight get at the end.
    pub grace: Duration,
}

/// Serves until `end` is there, then lets requests in flight finish.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    end: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout);
    let mut end = pin!(end);
    loop {
        let stream = tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Answers are small and wanted at once.
        stream.set_nodelay(true).ok();
        let service = TowerToHyperService::new(app.clone());
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that goes away is no event.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(grace = ?limits.grace, "some requests did not finish in time");
    }
}
