//! One request: to one replica, and once more to another where that may help.

use std::time::{Duration, Instant};

use conch_shared::kserve::binary::{Parts, encode_parts};
use conch_shared::kserve::{InferRequest, NamedTensor, RequestedOutput};
use tokio::time::timeout;

use super::fault::{Fault, unreachable};
use super::outputs::{Asked, Outputs};
use super::pool::Pool;
use crate::backend::{BackendError, Inference, Job, Model, Timings};

/// A second try gets at least a deadline's fourth part.
const LEAST_PART: u32 = 4;

/// A request as every replica would get it.
struct Call<'a> {
    asked: Asked<'a>,
    outputs: &'a Outputs,
    parts: Parts,
}

/// Runs a job of the model that `told` describes within `deadline`.
///
/// # Errors
/// When model or version is unknown, replaced or not ready, nobody answers well, or not in time.
pub(super) async fn infer(
    pool: &Pool,
    deadline: Duration,
    told: &Model,
    version: Option<u64>,
    job: Job,
) -> Result<Inference, BackendError> {
    let begun = Instant::now();
    let model = told.info.name.as_str();
    let catalogue = pool.catalogue();
    let entry = catalogue.get(model)?;
    let (version, replicas) = entry.serving(version)?;
    if !entry.is(told) {
        return Err(BackendError::Unavailable {
            model: model.to_owned(),
            reason: "Triton has got another model of this name meanwhile; try again".to_owned(),
        });
    }
    let wanted = job.outputs.clone();
    let first_dim = |input: &NamedTensor| input.tensor.shape().dims().first().copied();
    let call = Call {
        asked: Asked {
            model,
            version,
            outputs: &wanted,
            batch: job.inputs.first().and_then(first_dim).unwrap_or(1),
        },
        outputs: &entry.outputs,
        parts: encode_parts(&request(job)),
    };
    let Some(first) = pool.choose(replicas, None) else {
        return Err(unreachable(model.to_owned()));
    };
    let may_retry = {
        let mut budget = pool.budget();
        budget.deposit();
        budget.has_token() && pool.choose(replicas, Some(first)).is_some()
    };
    // A replica that hangs must leave time for another.
    let limit = if may_retry { deadline / 2 } else { deadline };
    let fault = match attempt(pool, first, &call, limit).await {
        Ok(inference) => return Ok(inference),
        Err(fault) => fault,
    };
    if !fault.is_worth_a_retry() {
        return Err(fault.into_error(model, limit));
    }
    let rest = deadline.saturating_sub(begun.elapsed());
    // Meanwhile a watch may have found that others are away, or have another model of this name.
    let catalogue = pool.catalogue();
    let entry = catalogue.get(model).ok().filter(|entry| entry.is(told));
    let replicas = entry.and_then(|entry| entry.serving(Some(version)).ok());
    let replicas = replicas.map_or(&[][..], |(_, replicas)| replicas);
    let second = pool.choose(replicas, Some(first));
    // Who gets too little time to answer in would be blamed for another's delay.
    let Some(second) = second.filter(|_| rest >= deadline / LEAST_PART) else {
        return Err(fault.into_error(model, limit));
    };
    let (from, to) = (&pool.replicas[first].name, &pool.replicas[second].name);
    if !pool.budget().withdraw() {
        pool.measured.denied();
        tracing::warn!(model, replica = from, cause = %fault, "no retry: the budget is empty");
        return Err(fault.into_error(model, limit));
    }
    pool.measured.retried();
    tracing::info!(model, from, to, cause = %fault, "retry");
    match attempt(pool, second, &call, rest).await {
        Ok(inference) => Ok(inference),
        // Whoever is told of a full queue knows to come again.
        Err(_) if matches!(fault, Fault::Busy(_)) => Err(fault.into_error(model, limit)),
        Err(fault) => Err(fault.into_error(model, deadline)),
    }
}

fn request(job: Job) -> InferRequest {
    let binary = |name: String| RequestedOutput {
        name,
        binary: true,
        classification: 0,
    };
    InferRequest {
        inputs: job.inputs,
        outputs: job.outputs.into_iter().map(binary).collect(),
        timeout: job.timeout,
        ..InferRequest::default()
    }
}

/// Asks one replica, which loses our trust where the fault is its own.
async fn attempt(
    pool: &Pool,
    at: usize,
    call: &Call<'_>,
    limit: Duration,
) -> Result<Inference, Fault> {
    let replica = &pool.replicas[at];
    let _flight = replica.take_off();
    let begun = Instant::now();
    let Asked { model, version, .. } = call.asked;
    let version = version.to_string();
    let path = ["v2", "models", model, "versions", &version, "infer"];
    let bound = call.outputs.limit(call.asked);
    let answer = replica.client.infer(&path, call.parts.clone(), bound);
    let answer = timeout(limit, answer).await;
    let answer = answer.unwrap_or(Err(Fault::Late(limit)));
    let outputs = answer.and_then(|answer| call.outputs.check(&answer, call.asked));
    let outcome = outputs.as_ref().map_or_else(Fault::name, |_| "ok");
    pool.measured.tried(at, outcome, begun.elapsed());
    match outputs {
        Ok(outputs) => {
            replica.praise();
            Ok(Inference {
                outputs,
                version,
                timings: Timings {
                    upstream: Some(begun.elapsed()),
                    ..Timings::default()
                },
            })
        }
        Err(fault) => {
            if fault.is_the_replicas() {
                replica.blame(&fault, pool.interval);
            }
            Err(fault)
        }
    }
}

#[cfg(test)]
mod tests;
