//! One instance of a model: it runs a batch and hands each request its part of the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use conch_shared::tensor::Tensor;

use super::counters::Counters;
use super::request::{Answer, Refusal, Request};
use crate::backend::Timings;

/// A model that runs; not for two threads at once.
pub(super) trait Execute: Send + 'static {
    /// Runs the inputs together, which have one datatype and the same dimensions behind the first,
    /// and gives each its output.
    ///
    /// # Errors
    /// The engine's words.
    fn run(&mut self, inputs: &[&Tensor]) -> Result<Run, String>;

    /// Runs what is known to go well, which tells a broken instance from a bad input.
    ///
    /// # Errors
    /// The engine's words.
    fn probe(&mut self) -> Result<(), String>;
}

/// An instance that cannot go on: not even its probe goes well.
#[derive(Debug)]
pub(super) struct Broken {
    /// The engine's words, for the log alone.
    pub(super) cause: String,
    /// Requests that it took up and has not answered.
    pub(super) rest: Vec<Request>,
}

/// What a run gave, and where its time went.
#[derive(Debug)]
pub(super) struct Run {
    /// One an input, in their order.
    pub(super) outputs: Vec<Tensor>,
    /// Bringing the inputs together.
    pub(super) compute_input: Duration,
    /// In the model.
    pub(super) compute_infer: Duration,
    /// Taking the output apart.
    pub(super) compute_output: Duration,
}

/// Runs a batch and answers its requests. When that fails, each request runs by itself: one of
/// them is at fault, the others shall not suffer.
///
/// # Errors
/// When the probe after it fails, too: then it is the instance. What it was at may have another try,
/// alone and once, so that a request which breaks whatever runs it breaks no more than two.
pub(super) fn execute(
    model: &mut impl Execute,
    batch: Vec<Request>,
    counters: &Counters,
) -> Result<(), Broken> {
    let begun = Instant::now();
    match attempt(model, &batch) {
        Ok(mut run) => {
            counters.succeeded(&batch, begun, &run);
            let outputs = std::mem::take(&mut run.outputs);
            for (request, output) in batch.into_iter().zip(outputs) {
                let timings = Timings {
                    queue: Some(begun.saturating_duration_since(request.arrived)),
                    infer: Some(run.compute_input + run.compute_infer + run.compute_output),
                    upstream: None,
                };
                request.answer(Ok(Answer { output, timings }));
            }
            Ok(())
        }
        Err(cause) => match guarded(|| model.probe()) {
            Err(probe) => {
                tracing::warn!(requests = batch.len(), cause, "a run failed");
                let cause = probe;
                let mut rest = Vec::new();
                for mut request in batch {
                    match request.is_suspect {
                        true => fail(request, &cause, counters),
                        false => {
                            request.is_suspect = true;
                            rest.push(request);
                        }
                    }
                }
                Err(Broken { cause, rest })
            }
            Ok(()) if batch.len() > 1 => {
                tracing::warn!(requests = batch.len(), cause, "a batch failed");
                let mut rest = batch.into_iter();
                while let Some(request) = rest.next() {
                    if let Err(mut broken) = execute(model, vec![request], counters) {
                        broken.rest.extend(rest);
                        return Err(broken);
                    }
                }
                Ok(())
            }
            Ok(()) => {
                for request in batch {
                    fail(request, &cause, counters);
                }
                Ok(())
            }
        },
    }
}

fn fail(request: Request, cause: &str, counters: &Counters) {
    counters.failed(request.arrived);
    request.answer(Err(Refusal::Failed(cause.to_owned())));
}

fn attempt(model: &mut impl Execute, batch: &[Request]) -> Result<Run, String> {
    let inputs: Vec<&Tensor> = batch.iter().map(|request| &request.input).collect();
    let run = guarded(|| model.run(&inputs))?;
    let (expected, found) = (batch.len(), run.outputs.len());
    match found == expected {
        true => Ok(run),
        false => Err(format!("expected {expected} outputs, found {found}")),
    }
}

/// A panic as a failure.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("the engine panicked".to_owned()))
}
