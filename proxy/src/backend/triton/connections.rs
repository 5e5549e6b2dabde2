//! Connections to one server, kept for the next request.
//!
//! A request drives its connection itself, in the task that waits for the answer: a connection with a
//! task of its own would cost two changes of task a request, often to another core and back.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::MAX_DOCUMENT;
use super::fault::Fault;

/// Time for a connection. Triton is near; whoever takes longer is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are kept for this long, so that the first photo after a pause waits for none.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// The connections that no request uses just now; the one that was used last is taken first.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<VecDeque<(Instant, Connection)>>);

/// A request's body: buffers that are sent one behind the other, uncopied. Their length is known, so
/// it is told in front.
#[derive(Debug, Default)]
pub(super) struct Buffers(pub(super) VecDeque<Bytes>);

#[derive(Debug)]
struct Connection {
    sender: SendRequest<Buffers>,
    driver: Driver,
}

/// What moves the bytes; dropped as soon as the connection has ended, which tells the sender.
#[derive(Debug)]
struct Driver(Option<http1::Connection<TokioIo<TcpStream>, Buffers>>);

impl Connections {
    /// Sends a request to the server at `host:port`; at most `limit` bytes of the answer's body are
    /// read.
    pub(super) async fn ask(
        &self,
        authority: &str,
        mut request: Request<Buffers>,
        limit: usize,
    ) -> Result<Response<Bytes>, Fault> {
        loop {
            let kept = self.take().await;
            let was_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                None => Connection::open(authority).await?,
            };
            match connection.ask(request, limit).await {
                Ok(answer) => {
                    self.keep(connection);
                    return Ok(answer);
                }
                // The server closed it before anything was sent.
                Err((_, Some(unsent))) if was_kept => request = unsent,
                Err((fault, _)) => return Err(fault),
            }
        }
    }

    /// One that is still open.
    async fn take(&self) -> Option<Connection> {
        loop {
            let (_, mut connection) = self.lock().pop_back()?;
            // Whether the server has closed it meanwhile shows only when it is asked.
            poll_fn(|context| {
                connection.driver.drive(context);
                Poll::Ready(())
            })
            .await;
            if connection.sender.is_ready() {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: Connection) {
        if !connection.sender.is_ready() {
            return;
        }
        let mut idle = self.lock();
        let now = Instant::now();
        while let Some((since, _)) = idle.front()
            && now.duration_since(*since) > IDLE_TIMEOUT
        {
            idle.pop_front();
        }
        idle.push_back((now, connection));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(Instant, Connection)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    async fn open(authority: &str) -> Result<Self, Fault> {
        let unreachable = |error: io::Error| Fault::Unreachable(error.to_string());
        let stream = timeout(CONNECT_TIMEOUT, TcpStream::connect(authority)).await;
        let stream = stream.unwrap_or_else(|_late| Err(io::ErrorKind::TimedOut.into()));
        let stream = stream.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(fault)?;
        Ok(Self {
            sender,
            driver: Driver(Some(driver)),
        })
    }

    /// Asks; of a request that was not sent at all, gives it back.
    async fn ask(
        &mut self,
        request: Request<Buffers>,
        limit: usize,
    ) -> Result<Response<Bytes>, (Fault, Option<Request<Buffers>>)> {
        let Self { sender, driver } = self;
        let sent = sender.try_send_request(request);
        let mut answer = pin!(async {
            match sent.await {
                Ok(answer) => {
                    let (head, body) = answer.into_parts();
                    let body = read(body, limit).await.map_err(|fault| (fault, None))?;
                    Ok(Response::from_parts(head, body))
                }
                Err(mut error) => {
                    let unsent = error.take_message();
                    Err((fault(error.into_error()), unsent))
                }
            }
        });
        poll_fn(|context| {
            // Twice, since the head of an answer must be taken before its body is given; and once
            // more at the end, for it to see that all is taken and the next request may come.
            driver.drive(context);
            let mut polled = answer.as_mut().poll(context);
            driver.drive(context);
            if polled.is_pending() {
                polled = answer.as_mut().poll(context);
                driver.drive(context);
            }
            polled
        })
        .await
    }
}

impl Driver {
    fn drive(&mut self, context: &mut Context<'_>) {
        let polled = self.0.as_mut().map(|driver| Pin::new(driver).poll(context));
        // An error is told to whoever waits for an answer.
        if let Some(Poll::Ready(_ended)) = polled {
            self.0 = None;
        }
    }
}

impl Body for Buffers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|bytes| bytes.len() as u64).sum())
    }
}

/// Reads a body, of at most `limit` bytes; a longer one is left where it is.
async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, Fault> {
    let too_long = |found: &str| {
        Fault::Nonsense(format!(
            "expected an answer of at most {limit} bytes, found {found}"
        ))
    };
    let told = body.size_hint().exact().unwrap_or(0);
    let told = usize::try_from(told).unwrap_or(usize::MAX);
    if told > limit {
        return Err(too_long(&told.to_string()));
    }
    // A length is told easily; memory beyond the usual answer's is taken when the bytes are there.
    let mut bytes = BytesMut::with_capacity(told.min(MAX_DOCUMENT));
    while let Some(frame) = body.frame().await {
        let data = frame.map_err(fault)?.into_data().unwrap_or_default();
        if data.len() > limit - bytes.len() {
            return Err(too_long("more"));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}

/// What an error of a connection that was open means.
fn fault(error: hyper::Error) -> Fault {
    let is_parse = error.is_parse();
    // With what is behind it, which is what tells.
    let cause = format!("{:#}", anyhow::Error::new(error));
    match is_parse {
        true => Fault::Nonsense(cause),
        false => Fault::Broken(cause),
    }
}

#[cfg(test)]
mod tests;
