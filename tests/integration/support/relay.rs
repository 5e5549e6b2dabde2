use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// What happens to bytes on their way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// Each piece comes later.
    Latency(Duration),
    /// So many bytes a second.
    Bandwidth(usize),
    /// In pieces of so many bytes, each a segment of its own.
    Slices(usize),
    /// After so many bytes the connection ends in good order.
    Cut(usize),
    /// After so many bytes it is reset.
    Reset(usize),
    /// After so many bytes nothing comes any more.
    Stall(usize),
    /// The end of a connection comes later; it ends after so many bytes.
    SlowClose(usize, Duration),
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// From the client to the server.
    Up,
    /// Back.
    Down,
}

/// A line to a server, which can be made a bad one.
pub(crate) struct Relay {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    fault: Option<(Way, Fault)>,
    /// Bytes that have passed that way since.
    passed: usize,
}

impl Relay {
    /// To a server at this address, without a fault.
    pub(crate) async fn to(url: &str) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            // They end with this task.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                let (server, state) = (server.clone(), Arc::clone(&shared));
                connections.spawn(async move {
                    if let Ok(server) = TcpStream::connect(server).await {
                        both_ways(client, server, state).await;
                    }
                });
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on bytes suffer this.
    pub(crate) fn set(&self, fault: Option<(Way, Fault)>) {
        *self.state.lock().unwrap() = State { fault, passed: 0 };
    }
}

async fn both_ways(client: TcpStream, server: TcpStream, state: Arc<Mutex<State>>) {
    client.set_nodelay(true).ok();
    server.set_nodelay(true).ok();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pass(Way::Up, from_client, to_server, &state) => {}
        () = pass(Way::Down, from_server, to_client, &state) => {}
    }
}

/// What becomes of a piece.
enum Fate {
    Passes,
    In(Vec<usize>, Duration),
    Ends(usize, Option<Duration>),
    Breaks(usize),
    Stops(usize),
}

fn fate(state: &Mutex<State>, way: Way, length: usize) -> Fate {
    let mut state = state.lock().unwrap();
    let Some((_, fault)) = state.fault.filter(|(of, _)| *of == way) else {
        return Fate::Passes;
    };
    let before = state.passed;
    state.passed += length;
    // How much of this piece still passes, where there is an end in it.
    let left = |most: usize| Some(most.saturating_sub(before)).filter(|left| *left <= length);
    match fault {
        Fault::Latency(time) => Fate::In(vec![length], time),
        Fault::Bandwidth(rate) => {
            let time = Duration::from_secs_f64(length as f64 / rate as f64);
            Fate::In(vec![length], time)
        }
        Fault::Slices(size) => {
            let whole = vec![size; length / size];
            Fate::In(
                whole.into_iter().chain([length % size]).collect(),
                Duration::ZERO,
            )
        }
        Fault::Cut(most) => left(most).map_or(Fate::Passes, |left| Fate::Ends(left, None)),
        Fault::SlowClose(most, time) => {
            left(most).map_or(Fate::Passes, |left| Fate::Ends(left, Some(time)))
        }
        Fault::Reset(most) => left(most).map_or(Fate::Passes, Fate::Breaks),
        Fault::Stall(most) => left(most).map_or(Fate::Passes, Fate::Stops),
    }
}

async fn pass(way: Way, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &Mutex<State>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let piece = &buffer[..length];
        match fate(state, way, length) {
            Fate::Passes => {
                if to.write_all(piece).await.is_err() {
                    return;
                }
            }
            Fate::In(sizes, pause) => {
                let mut rest = piece;
                for size in sizes {
                    let (part, after) = rest.split_at(size);
                    rest = after;
                    if !pause.is_zero() {
                        sleep(pause).await;
                    }
                    if to.write_all(part).await.is_err() {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
            }
            Fate::Ends(length, pause) => {
                to.write_all(&piece[..length]).await.ok();
                if let Some(pause) = pause {
                    sleep(pause).await;
                }
                return;
            }
            Fate::Breaks(length) => {
                to.write_all(&piece[..length]).await.ok();
                // Both ends are told by a reset, not by an end.
                for stream in [from.as_ref(), to.as_ref()] {
                    stream.set_zero_linger().ok();
                }
                return;
            }
            Fate::Stops(length) => {
                to.write_all(&piece[..length]).await.ok();
                // Until whoever waits goes away.
                while from.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
                return;
            }
        }
    }
}
