//! How slow a client may be: for a while as slow as it likes, in the long run not below a rate.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// Bytes a second: a photo's tensor in 18 s.
pub const MIN_RATE: u32 = 8 * 1024;

/// When a client has been too slow: each byte gives it the time that it may take, and what it has saved
/// up is `slow` at most.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    slow: Duration,
    deadline: Instant,
}

impl Pace {
    /// From now on.
    pub fn new(slow: Duration) -> Self {
        Self {
            slow,
            deadline: Instant::now() + slow,
        }
    }

    /// So many bytes went over.
    pub fn moved(&mut self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let earned = Duration::from_secs_f64(f64::from(bytes) / f64::from(MIN_RATE));
        self.deadline = (self.deadline + earned).min(Instant::now() + self.slow);
    }

    /// When it has been too slow.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// A stream whose other end must read what it asked for. How slowly it sends is looked at where requests
/// are read, since there it can be told.
pub(super) struct Paced<S> {
    stream: S,
    slow: Duration,
    /// While the other end takes nothing.
    stalled: Option<(Pace, Pin<Box<Sleep>>)>,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, slow: Duration) -> Self {
        Self {
            stream,
            slow,
            stalled: None,
        }
    }

    /// What came of an attempt to write; `bytes` are those of a success.
    fn look<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
        bytes: impl FnOnce(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match (outcome, &mut self.stalled) {
            (Poll::Ready(Ok(value)), None) => Poll::Ready(Ok(value)),
            (Poll::Ready(Ok(value)), Some((pace, _))) => {
                pace.moved(bytes(&value));
                // All that was saved up is there again: it is as quick as any other.
                if pace.deadline() >= Instant::now() + self.slow {
                    self.stalled = None;
                }
                Poll::Ready(Ok(value))
            }
            (Poll::Ready(Err(error)), _) => Poll::Ready(Err(error)),
            (Poll::Pending, stalled) => {
                let (pace, sleep) = stalled.get_or_insert_with(|| {
                    let pace = Pace::new(self.slow);
                    (pace, Box::pin(tokio::time::sleep_until(pace.deadline())))
                });
                if sleep.deadline() != pace.deadline() {
                    sleep.as_mut().reset(pace.deadline());
                }
                match sleep.as_mut().poll(context) {
                    Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.look(context, outcome, |bytes| *bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.look(context, outcome, |bytes| *bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.look(context, outcome, |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.look(context, outcome, |()| 0)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const SLOW: Duration = Duration::from_millis(400);
    const TICK: Duration = Duration::from_millis(20);

    /// Writes to one that takes so many bytes every [`TICK`].
    async fn write(all: usize, bytes: usize) -> (Duration, io::Result<()>) {
        let (near, mut far) = duplex(512);
        let reader = tokio::spawn(async move {
            let mut buffer = vec![0; bytes];
            while bytes > 0 && far.read_exact(&mut buffer).await.is_ok() {
                tokio::time::sleep(TICK).await;
            }
            // It stays, and takes no more.
            std::future::pending::<()>().await;
            drop(far);
        });
        let begun = Instant::now();
        let outcome = Paced::new(near, SLOW).write_all(&vec![0; all]).await;
        reader.abort();
        (begun.elapsed(), outcome)
    }

    #[tokio::test]
    async fn who_reads_nothing_or_next_to_nothing_is_given_up() {
        for bytes in [0, 1, 8] {
            let (took, outcome) = write(1 << 20, bytes).await;
            assert_eq!(
                outcome.unwrap_err().kind(),
                io::ErrorKind::TimedOut,
                "{bytes}"
            );
            assert!(took >= SLOW, "{bytes}: {took:?}");
            assert!(took < 10 * SLOW, "{bytes}: {took:?}");
        }
    }

    #[tokio::test]
    async fn who_reads_slowly_for_longer_than_that_gets_all_of_it() {
        // Three times the rate, so that a machine with other work does not fall below it.
        let of_a_tick = 3 * MIN_RATE as usize / 50;
        let (took, outcome) = write(50 * of_a_tick, of_a_tick).await;
        outcome.unwrap();
        assert!(took > 2 * SLOW, "{took:?}");
    }

    #[tokio::test]
    async fn what_is_saved_up_is_limited() {
        let mut pace = Pace::new(SLOW);
        pace.moved(1 << 30);
        assert!(pace.deadline() <= Instant::now() + SLOW);
        let before = pace.deadline();
        tokio::time::sleep(SLOW / 2).await;
        pace.moved(MIN_RATE as usize / 10);
        let earned = pace.deadline() - before;
        assert!((99..=101).contains(&earned.as_millis()), "{earned:?}");
    }
}
