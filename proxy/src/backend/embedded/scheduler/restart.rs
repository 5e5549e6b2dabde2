//! An instance that breaks is taken out and loaded anew, again and again until it answers, each time
//! after a longer wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::super::instance::{Broken, Execute, guarded};
use super::super::request::Refusal;
use super::Shared;

/// What the client reads of a version of which no instance runs.
const REASON: &str = "its engine failed and is being restarted";

/// How an instance comes back.
pub(in super::super) struct Load<M> {
    /// Loads one that has answered its probe; fails with words for the client.
    pub(in super::super) load: Arc<dyn Fn() -> Result<M, String> + Send + Sync>,
    /// When.
    pub(in super::super) backoff: Backoff,
}

// Derived, it would want M to be Clone.
impl<M> Clone for Load<M> {
    fn clone(&self) -> Self {
        Self {
            load: Arc::clone(&self.load),
            backoff: self.backoff,
        }
    }
}

/// How long to wait before each try.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Backoff {
    /// Before the first; each further wait is twice as long.
    pub(in super::super) first: Duration,
    /// At most. An instance that has run for longer than this begins with the first wait again.
    pub(in super::super) most: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            most: Duration::from_secs(60),
        }
    }
}

impl Shared {
    /// The life of an instance, until it is over. Whatever panics in it ends a turn of it alone.
    pub(super) fn live<M: Execute>(&self, mut model: M, load: &Load<M>) {
        let mut wait = load.backoff.first;
        loop {
            let begun = Instant::now();
            let broken = match catch_unwind(AssertUnwindSafe(|| self.work(&mut model))) {
                Ok(Ok(())) => return,
                Ok(Err(broken)) => broken,
                // The batch that it was at is gone; whoever waits for it is told so by its channel.
                Err(_) => Broken {
                    cause: "the thread of the instance panicked".to_owned(),
                    rest: Vec::new(),
                },
            };
            self.take_out(broken);
            // Before the next is loaded, which shall find its memory free.
            guarded(|| {
                drop(model);
                Ok(())
            })
            .ok();
            if begun.elapsed() > load.backoff.most {
                wait = load.backoff.first;
            }
            match self.restart(load, &mut wait) {
                Some(restarted) => model = restarted,
                None => return,
            }
        }
    }

    /// Counts the instance out. What it had taken up and what waits goes to the others; where there
    /// are none it is refused, since nobody knows how long it would wait.
    fn take_out(&self, broken: Broken) {
        let (model, version) = self.counters.subject();
        let cause = &broken.cause;
        let mut state = self.lock();
        state.alive -= 1;
        state.reason = REASON.to_owned();
        state.queue.put_back(broken.rest, Instant::now());
        let instances = state.alive;
        tracing::error!(model, version, instances, cause, "an instance broke");
        if instances > 0 {
            drop(state);
            self.changed.notify_one();
            return;
        }
        let refused: Vec<_> = state.queue.drain().collect();
        drop(state);
        for request in refused {
            self.counters.failed(request.arrived);
            request.answer(Err(Refusal::Broken(REASON.to_owned())));
        }
    }

    /// Loads the instance anew; none when it is over.
    fn restart<M: Execute>(&self, load: &Load<M>, wait: &mut Duration) -> Option<M> {
        let (model, version) = self.counters.subject();
        while self.pause(*wait) {
            *wait = (*wait * 2).min(load.backoff.most);
            match guarded(&*load.load) {
                Ok(instance) => {
                    self.lock().alive += 1;
                    tracing::info!(model, version, "the instance answers again");
                    return Some(instance);
                }
                Err(reason) => {
                    tracing::warn!(model, version, reason, next_in = ?wait, "restart failed");
                    self.lock().reason = format!("{REASON}; the last try: {reason}");
                }
            }
        }
        None
    }

    /// Waits so long; false when it is over.
    fn pause(&self, wait: Duration) -> bool {
        let state = self.lock();
        let waited = self
            .over
            .wait_timeout_while(state, wait, |state| state.open);
        waited.unwrap_or_else(PoisonError::into_inner).0.open
    }
}
