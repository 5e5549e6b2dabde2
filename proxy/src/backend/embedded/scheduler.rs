//! The threads around a queue: requests come in on async threads, instances take them out on
//! threads of their own, since inference blocks.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::tensor::Tensor;

use super::counters::Counters;
use super::instance::{self, Execute};
use super::queue::{Next, Queue};
use super::request::{Answer, Refusal, Request};
use crate::metrics::Engine;
use crate::model_repo::Scheduling;

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
    counters: Counters,
}

struct State {
    queue: Queue<Request>,
    open: bool,
}

impl Scheduler {
    /// Starts a thread for each instance, in front of them a queue of at most `most` requests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start<M: Execute>(
        instances: Vec<M>,
        scheduling: &Scheduling,
        most: usize,
        counters: Counters,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                queue: Queue::new(scheduling, most),
                open: true,
            }),
            changed: Condvar::new(),
            counters,
        });
        let mut scheduler = Self {
            shared,
            instances: Vec::with_capacity(instances.len()),
            batched: scheduling.max_batch_size > 0,
        };
        for model in instances {
            let shared = Arc::clone(&scheduler.shared);
            let thread = thread::Builder::new().name("instance".to_owned());
            // On an error, dropping the scheduler ends the threads that have begun.
            scheduler
                .instances
                .push(thread.spawn(move || shared.work(model))?);
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

    /// The life of an instance.
    fn work(&self, mut model: impl Execute) {
        while let Some(batch) = self.next() {
            instance::execute(&mut model, batch, &self.counters);
        }
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
