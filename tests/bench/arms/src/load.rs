//! Load: a fixed number of equal HTTP/1.1 requests over N kept connections, each of which sends its
//! next one when the last was answered. On one thread and with next to no work of its own, so that
//! on a machine of few cores it takes little from the server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// Longest that one run may take.
const TIME_LIMIT: Duration = Duration::from_secs(300);

#[derive(Deserialize)]
pub struct Request {
    /// host:port
    address: String,
    #[serde(default = "post")]
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A file that holds the body.
    body: Option<PathBuf>,
    connections: usize,
    /// In all; those that open the connections come before and do not count.
    requests: usize,
    /// Processes whose processor time is wanted.
    #[serde(default)]
    pids: Vec<i32>,
}

fn post() -> String {
    "POST".to_owned()
}

pub fn run(request: &Request) -> Result<Value> {
    ensure!(request.connections > 0, "no connections");
    let rounds = request.requests / request.connections;
    ensure!(rounds > 0, "fewer requests than connections");
    let message = Rc::new(message(request)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(TIME_LIMIT, all(request, &message, rounds)).await
    });
    measured.context("the requests took too long")?
}

async fn all(request: &Request, message: &Rc<Vec<u8>>, rounds: usize) -> Result<Value> {
    let mut connections = Vec::new();
    for _ in 0..request.connections {
        let mut connection = Connection::open(&request.address).await?;
        connection.ask(message).await?;
        connections.push(connection);
    }
    let cpu = cpu_seconds(&request.pids)?;
    let begin = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|mut connection| {
            let message = Rc::clone(message);
            tokio::task::spawn_local(async move {
                let mut seconds = Vec::with_capacity(rounds);
                for _ in 0..rounds {
                    let begin = Instant::now();
                    connection.ask(&message).await?;
                    seconds.push(begin.elapsed().as_secs_f64());
                }
                anyhow::Ok(seconds)
            })
        })
        .collect();
    let mut seconds = Vec::new();
    for task in tasks {
        seconds.extend(task.await??);
    }
    let elapsed = begin.elapsed().as_secs_f64();
    let cpu = cpu_seconds(&request.pids)? - cpu;
    seconds.sort_by(f64::total_cmp);
    let count = seconds.len() as f64;
    Ok(json!({
        "seconds": elapsed,
        "p50": quantile(&seconds, 0.5),
        "p99": quantile(&seconds, 0.99),
        "mean": seconds.iter().sum::<f64>() / count,
        "per_second": count / elapsed,
        "cpu": cpu / count,
    }))
}

/// Of sorted values, the nearest rank's.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// The request as it goes over the wire: made once, written at once.
fn message(request: &Request) -> Result<Vec<u8>> {
    let body = match &request.body {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => Vec::new(),
    };
    let Request {
        address,
        method,
        path,
        headers,
        ..
    } = request;
    let mut message = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in headers {
        message += &format!("{name}: {value}\r\n");
    }
    message += &format!("content-length: {}\r\n\r\n", body.len());
    Ok([message.into_bytes(), body].concat())
}

/// A kept connection.
struct Connection {
    stream: TcpStream,
    room: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| address.to_owned())?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            room: vec![0; 1 << 18],
        })
    }

    /// Sends the request and reads the whole answer, which must be a 200 with a length.
    async fn ask(&mut self, message: &[u8]) -> Result<()> {
        self.stream.write_all(message).await?;
        let (mut filled, mut expected) = (0, None);
        while expected.is_none_or(|expected| filled < expected) {
            ensure!(
                filled < self.room.len(),
                "an answer of more than {filled} bytes"
            );
            let count = self.stream.read(&mut self.room[filled..]).await?;
            ensure!(
                count > 0,
                "the connection was closed in the middle of an answer"
            );
            filled += count;
            if expected.is_none() {
                expected = answer_length(&self.room[..filled])?;
            }
        }
        ensure!(
            expected == Some(filled),
            "more bytes than the answer's length"
        );
        Ok(())
    }
}

/// Head and body together, once the head is there.
fn answer_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if !status.contains(" 200 ") {
        bail!("{status}: {}", String::from_utf8_lossy(&bytes[end + 4..]));
    }
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>())
    });
    let length = length.context("an answer without content-length")??;
    Ok(Some(end + 4 + length))
}

/// Processor time that these processes have taken, all threads, to the nanosecond: their CPU clocks,
/// since /proc counts in hundredths of a second.
fn cpu_seconds(pids: &[i32]) -> Result<f64> {
    pids.iter()
        .map(|&pid| {
            let (mut clock, mut time) = (
                0,
                libc::timespec {
                    tv_sec: 0,
                    tv_nsec: 0,
                },
            );
            // SAFETY: both write to a variable that lives here, and nothing else.
            let ok = unsafe {
                libc::clock_getcpuclockid(pid, &mut clock) == 0
                    && libc::clock_gettime(clock, &mut time) == 0
            };
            ensure!(ok, "process {pid} has no clock: did it end?");
            Ok(time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64)
        })
        .sum()
}
