//! Connections: how many there may be, how long each part of a request may take, and how they end.
//!
//! `axum::serve` sets no timer, so a client that never finishes its headers would hold a
//! connection for ever; hence hyper's own builders, with all limits that they have.
//!
//! | module | subject |
//! | --- | --- |
//! | [`pace`] | how slow a client may be |
//! | `connection` | one connection, from the handshake to its end |
//! | `protocol` | hyper's limits |

mod connection;
pub mod pace;
mod protocol;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::admission::pool::Pool;
use crate::clients::Client;
use crate::config::LimitsArgs;
use crate::shutdown::{Phase, Phases};
use connection::Connection;
pub use pace::MIN_RATE;

/// How long to wait after a failed accept, which is out of file handles as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How often the log says that connections cannot be accepted, or are too many.
const SAY_AGAIN: Duration = Duration::from_secs(10);

/// How connections begin and end.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for a handshake, and for a request's headers.
    pub headers: Duration,
    /// Time that a client may read or send more slowly than [`MIN_RATE`].
    pub slow: Duration,
    /// Time that requests in flight get at the end.
    pub grace: Duration,
    /// Most connections.
    pub connections: usize,
}

impl Limits {
    /// As the options say.
    pub fn new(args: &LimitsArgs, grace: Duration) -> Self {
        Self {
            headers: Duration::from_secs(args.header_timeout),
            slow: Duration::from_secs(args.body_timeout),
            grace,
            connections: args.max_connections,
        }
    }
}

/// Where connections come in.
pub struct Door {
    /// The port.
    pub listener: TcpListener,
    /// With HTTPS, what a handshake gets.
    pub tls: Option<Arc<ServerConfig>>,
    /// The places for connections, of all doors together.
    pub connections: Arc<Pool>,
}

/// Who sent a request, and how; an extension of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The other end's address; an IPv4 one as such, also where it came in by IPv6.
    pub ip: IpAddr,
    /// Whether by HTTPS.
    pub is_secure: bool,
}

/// Serves until it is told to end, then lets requests in flight finish.
pub async fn serve(door: Door, app: Router, limits: Limits, phases: Phases) {
    let graceful = GracefulShutdown::new();
    let tls = door.tls.map(TlsAcceptor::from);
    let mut trouble = Trouble::default();
    let begin = |(stream, peer): (TcpStream, SocketAddr), trouble: &mut Trouble| {
        let ip = peer.ip().to_canonical();
        let mut place = door.connections.share(Client::of(ip));
        if let Err(full) = place.grow(1) {
            trouble.say(&format!(
                "there are as many connections as there may be, {}",
                full.most
            ));
            return;
        }
        // Answers are small and wanted at once.
        stream.set_nodelay(true).ok();
        let connection = Connection {
            app: app.clone(),
            limits,
            watcher: graceful.watcher(),
            phases: phases.clone(),
            peer: Peer {
                ip,
                is_secure: tls.is_some(),
            },
            place,
        };
        tokio::spawn(connection.serve(stream, tls.clone()));
    };
    let mut end = phases.clone();
    let mut end = std::pin::pin!(async move {
        // Without anybody left who could say so, it has come, too.
        end.wait_for(|phase| *phase == Phase::Ending).await.is_ok()
    });
    loop {
        let accepted = tokio::select! {
            _ = &mut end => break,
            accepted = door.listener.accept() => accepted,
        };
        match accepted {
            Ok(accepted) => begin(accepted, &mut trouble),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                trouble.say(&format!("cannot accept a connection: {error}"));
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // Whoever has connected already would be reset with the listener.
    let at_once = || tokio::time::timeout(Duration::ZERO, door.listener.accept());
    while let Ok(Ok(accepted)) = at_once().await {
        begin(accepted, &mut trouble);
    }
    drop(door.listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(grace = ?limits.grace, "some requests did not finish in time");
    }
}

/// Whether an accept failed because the client has gone again.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted
    )
}

/// Says what happens hundreds of times a second every now and then.
#[derive(Default)]
struct Trouble {
    said: Option<Instant>,
    unsaid: usize,
}

impl Trouble {
    fn say(&mut self, what: &str) {
        if self.said.is_some_and(|said| said.elapsed() < SAY_AGAIN) {
            self.unsaid += 1;
            return;
        }
        tracing::warn!(unsaid = self.unsaid, "{what}");
        *self = Self {
            said: Some(Instant::now()),
            unsaid: 0,
        };
    }
}
