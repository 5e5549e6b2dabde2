//! An engine thread and the queue in front of it.
//!
//! Inference blocks, so it stays off the async threads; one thread a graph also keeps the two
//! times apart that `Server-Timing` reports: waiting and computing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;
use std::time::Instant;

use conch_shared::tensor::Tensor;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::graph::Graph;
use crate::backend::{BackendError, Inference, Timings};
use crate::model_repo::Artifact;

/// A running graph.
pub(super) struct Instance {
    /// The version that it runs.
    pub(super) version: String,
    output: String,
    /// Taken on drop, which ends the thread.
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

struct Job {
    input: Tensor,
    queued: Instant,
    answer: oneshot::Sender<Result<(Tensor, Timings), String>>,
}

impl Instance {
    /// Starts a thread whose queue takes `capacity` jobs.
    pub(super) fn start(graph: Graph, artifact: &Artifact, capacity: usize) -> Self {
        let (queue, jobs) = mpsc::channel(capacity);
        Self {
            version: artifact.version.to_string(),
            output: artifact.spec.output.name.clone(),
            queue: Some(queue),
            thread: Some(std::thread::spawn(move || work(graph, jobs))),
        }
    }

    /// Queues a job and waits for its answer.
    ///
    /// # Errors
    /// When the queue is full or the engine fails.
    pub(super) async fn infer(
        &self,
        model: &str,
        input: Tensor,
    ) -> Result<Inference, BackendError> {
        let failed = |cause: String| BackendError::Failed {
            model: model.to_owned(),
            cause,
        };
        let stopped = || failed("the engine thread has ended".to_owned());
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let (answer, answered) = oneshot::channel();
        let job = Job {
            input,
            queued: Instant::now(),
            answer,
        };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => BackendError::Overloaded {
                model: model.to_owned(),
                waiting: queue.max_capacity(),
            },
            TrySendError::Closed(_) => stopped(),
        })?;
        let (output, timings) = match answered.await {
            Ok(outcome) => outcome.map_err(failed)?,
            Err(_) => return Err(stopped()),
        };
        Ok(Inference {
            outputs: vec![conch_shared::kserve::NamedTensor {
                name: self.output.clone(),
                tensor: output,
            }],
            version: self.version.clone(),
            timings,
        })
    }
}

impl Drop for Instance {
    /// Ends the thread before the process unloads ONNX Runtime under it.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("an engine thread panicked");
        }
    }
}

fn work(mut graph: Graph, mut jobs: mpsc::Receiver<Job>) {
    while let Some(job) = jobs.blocking_recv() {
        // Nobody waits any more: the client has gone.
        if job.answer.is_closed() {
            continue;
        }
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| graph.run(&job.input)))
            .unwrap_or_else(|_| Err("the engine panicked".to_owned()));
        let timings = Timings {
            queue: Some(begun - job.queued),
            infer: Some(begun.elapsed()),
            upstream: None,
        };
        // A client that has gone in the meantime is no fault.
        job.answer
            .send(outcome.map(|output| (output, timings)))
            .ok();
    }
}
