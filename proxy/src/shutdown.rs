//! When the server is told to end, and how far it is with that.

use std::io;
use std::time::Duration;

use tokio::sync::watch;

/// How far a server is with its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It takes what comes.
    Serving,
    /// It takes what comes and says that it is not ready; each connection ends with its next answer.
    Leaving,
    /// Nothing new comes in; what is in flight ends.
    Ending,
}

/// Tells of each.
pub type Phases = watch::Receiver<Phase>;

/// What a server is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C: somebody sits there and waits.
    Interrupt,
    /// An orchestrator, whose proxies need a moment to notice.
    Terminate,
}

/// Signals as they come.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system lets nobody listen for them.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
        #[cfg(not(unix))]
        {
            tokio::signal::ctrl_c().await.ok();
            Signal::Interrupt
        }
    }
}

/// Goes through the phases, from the first signal on. Who waits in front of the program gets no `delay`.
pub async fn end(first: Signal, phase: &watch::Sender<Phase>, delay: Duration) {
    phase.send_replace(Phase::Leaving);
    if first == Signal::Terminate {
        tracing::info!(?delay, "not ready any more, since it is told to end");
        tokio::time::sleep(delay).await;
    }
    phase.send_replace(Phase::Ending);
}
