//! The threads around a queue: requests come in on async threads, instances take them out on
//! threads of their own, since inference blocks.

mod restart;

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::tensor::Tensor;

use super::counters::Counters;
use super::instance::{self, Broken, Execute};
use super::queue::{Next, Queue};
use super::request::{Answer, Refusal, Request};
use crate::metrics::Engine;
use crate::model_repo::Scheduling;
pub(super) use restart::{Backoff, Load};

/// One version of a model with its instances.
pub(super) struct Scheduler {
    shared: Arc<Shared>,
    instances: Vec<JoinHandle<()>>,
    /// Whether the first dimension of a tensor is the batch.
    batched: bool,
}

struct Shared {
    state: Mutex<State>,
    /// A request came, some are left for another instance, or it is over.
    changed: Condvar,
    /// It is over, for instances that wait to be loaded anew: a request shall not wake them in
    /// place of one that could run it.
    over: Condvar,
    counters: Counters,
}

struct State {
    queue: Queue<Request>,
    open: bool,
    /// Instances that run.
    alive: usize,
    /// Why the others do not, for the client.
    reason: String,
}

impl Scheduler {
    /// Starts a thread for each instance, in front of them a queue of at most `most` requests. An
    /// instance that breaks is loaded anew.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start<M: Execute>(
        instances: Vec<M>,
        scheduling: &Scheduling,
        most: usize,
        counters: Counters,
        load: &Load<M>,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                queue: Queue::new(scheduling, most),
                open: true,
                alive: instances.len(),
                reason: String::new(),
            }),
            changed: Condvar::new(),
            over: Condvar::new(),
            counters,
        });
        let mut scheduler = Self {
            shared,
            instances: Vec::with_capacity(instances.len()),
            batched: scheduling.max_batch_size > 0,
        };
        for model in instances {
            let shared = Arc::clone(&scheduler.shared);
            let load = load.clone();
            let thread = thread::Builder::new().name("instance".to_owned());
            // On an error, dropping the scheduler ends the threads that have begun.
            scheduler
                .instances
                .push(thread.spawn(move || shared.live(model, &load))?);
        }
        Ok(scheduler)
    }

    /// Queues a tensor and waits for its answer; `timeout` is how long it wants to wait at most.
    /// A request whose future was dropped does not run, if it has not begun.
    pub(super) async fn infer(
        &self,
        input: Tensor,
        timeout: Option<Duration>,
    ) -> Result<Answer, Refusal> {
        let (request, mut answered) = Request::new(input, self.batched);
        let outcome = match self.shared.push(request, timeout)? {
            None => answered.await,
            Some(deadline) => match tokio::time::timeout_at(deadline.into(), &mut answered).await {
                Ok(outcome) => outcome,
                Err(_elapsed) => {
                    // All instances may be at work for long: it is not they who turn it away.
                    self.shared.sweep(&mut self.shared.lock(), Instant::now());
                    answered.await
                }
            },
        };
        outcome.unwrap_or_else(|_| Err(Refusal::Failed("the engine has ended".to_owned())))
    }

    /// Whether an instance runs.
    ///
    /// # Errors
    /// Why none does, for the client.
    pub(super) fn health(&self) -> Result<(), String> {
        let state = self.shared.lock();
        match state.alive {
            0 => Err(state.reason.clone()),
            _ => Ok(()),
        }
    }

    /// What was counted since the start.
    pub(super) fn statistics(&self) -> ModelStatistics {
        self.shared.counters.snapshot()
    }

    /// What was measured since the start, and how many requests wait now.
    pub(super) fn measured(&self) -> (Engine, usize) {
        let waiting = self.shared.lock().queue.len();
        (self.shared.counters.engine.clone(), waiting)
    }
}

impl Drop for Scheduler {
    /// Ends the threads, each after the run that it is at, before the process unloads ONNX Runtime
    /// under them.
    fn drop(&mut self) {
        self.shared.lock().open = false;
        self.shared.changed.notify_all();
        self.shared.over.notify_all();
        for thread in self.instances.drain(..) {
            if thread.join().is_err() {
                tracing::error!("the thread of an instance panicked");
            }
        }
    }
}

impl Shared {
    /// Gives the time at which the request turns itself away, if there is one.
    fn push(
        &self,
        request: Request,
        timeout: Option<Duration>,
    ) -> Result<Option<Instant>, Refusal> {
        let now = request.arrived;
        let mut state = self.lock();
        if state.alive == 0 {
            let reason = state.reason.clone();
            drop(state);
            self.counters.failed(now);
            return Err(Refusal::Broken(reason));
        }
        if state.queue.is_full() {
            self.sweep(&mut state, now);
        }
        match state.queue.push(request, timeout, now) {
            Ok(deadline) => {
                drop(state);
                self.changed.notify_one();
                Ok(deadline)
            }
            Err(full) => {
                drop(state);
                self.counters.failed(now);
                Err(Refusal::Full(full.capacity))
            }
        }
    }

    /// Clears the queue of requests that nobody waits for and of those that have expired.
    fn sweep(&self, state: &mut State, now: Instant) {
        let swept = state.queue.sweep(now);
        for request in swept.abandoned {
            self.counters.failed(request.arrived);
        }
        for request in swept.expired {
            self.counters.failed(request.arrived);
            request.answer(Err(Refusal::Expired));
        }
    }

    /// Takes batch after batch until it is over.
    fn work(&self, model: &mut impl Execute) -> Result<(), Broken> {
        while let Some(batch) = self.next() {
            instance::execute(model, batch, &self.counters)?;
        }
        Ok(())
    }

    /// Waits for a batch; none when it is over.
    fn next(&self) -> Option<Vec<Request>> {
        let mut state = self.lock();
        while state.open {
            let now = Instant::now();
            self.sweep(&mut state, now);
            state = match state.queue.next(now) {
                Next::Run(batch) => {
                    // What is left may be enough for another instance, which has not looked since.
                    if !state.queue.is_empty() {
                        self.changed.notify_one();
                    }
                    return Some(batch);
                }
                Next::WaitUntil(time) => {
                    let waited = self.changed.wait_timeout(state, time - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                Next::Wait => {
                    let waited = self.changed.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
