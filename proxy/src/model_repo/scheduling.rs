//! How a model's requests are queued, put together and spread: `dynamic_batching`,
//! `instance_group`, and the engine's threads.

use std::time::Duration;

use super::config_pbtxt::{DynamicBatching, InstanceGroup};
use super::fault::Fault;
use super::places::Places;
use super::{ModelConfig, spec};

/// The entry of `parameters` that Triton's onnxruntime backend reads, too.
const THREADS: &str = "intra_op_thread_count";

/// Most graphs of a model: each holds the weights once more.
const MAX_INSTANCES: usize = 64;

/// Most threads of a graph.
const MAX_THREADS: usize = 1024;

/// How a model runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduling {
    /// Most items in a run; 0 where the graph takes no batch, and a run has one request.
    pub max_batch_size: usize,
    /// How requests are put together; absent where each runs by itself.
    pub batching: Option<Batching>,
    /// How many graphs run side by side, at least 1.
    pub instances: usize,
    /// Threads of each graph; absent where the config leaves them to the engine.
    pub threads: Option<usize>,
}

/// How requests become a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batching {
    /// Sizes that are run at once when the queue reaches them, in items.
    pub preferred: Vec<usize>,
    /// How long the oldest request waits for others.
    pub max_delay: Duration,
    /// What the queue does when it is long or slow.
    pub queue: QueuePolicy,
}

/// Limits of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuePolicy {
    /// Most requests that wait; none is no limit of the config's.
    pub max_size: Option<usize>,
    /// Longest wait of a request; none is no limit.
    pub timeout: Option<Duration>,
    /// What becomes of a request that waited too long: `true` puts it behind all others
    /// (`DELAY`), `false` refuses it (`REJECT`).
    pub delay_expired: bool,
    /// Whether a request may bring a shorter timeout of its own.
    pub allow_override: bool,
}

impl Default for Scheduling {
    /// One request at a time on one graph: what runs a model whose config cannot be read.
    fn default() -> Self {
        Self {
            max_batch_size: 0,
            batching: None,
            instances: 1,
            threads: None,
        }
    }
}

impl Scheduling {
    /// Reads the fields of a config.
    pub(super) fn of(config: &ModelConfig, places: &Places) -> Result<Self, Fault> {
        warn(config, places);
        let max_batch_size = spec::max_batch_size(config)?;
        let batching = config
            .dynamic_batching
            .as_ref()
            .map(|batching| Batching::of(batching, max_batch_size))
            .transpose()?;
        Ok(Self {
            max_batch_size,
            batching,
            instances: instances(&config.instance_group)?,
            threads: threads(config)?,
        })
    }
}

impl Batching {
    fn of(config: &DynamicBatching, max_batch_size: usize) -> Result<Self, Fault> {
        let preferred = config.preferred_batch_size.iter().enumerate();
        let mut preferred = preferred
            .map(|(index, size)| {
                let fits = |size: &usize| (1..=max_batch_size).contains(size);
                usize::try_from(*size).ok().filter(fits).ok_or_else(|| {
                    Fault::new(
                        format!("dynamic_batching.preferred_batch_size[{index}]"),
                        format!(
                            "preferred_batch_size: expected 1 to max_batch_size, which is \
                             {max_batch_size}, found {size}"
                        ),
                    )
                })
            })
            .collect::<Result<Vec<usize>, Fault>>()?;
        // As Triton fills it in.
        if preferred.is_empty() && max_batch_size > 0 {
            preferred.push(max_batch_size);
        }
        let queue = config.default_queue_policy.clone().unwrap_or_default();
        let limit = |value: u64| (value > 0).then_some(value);
        Ok(Self {
            preferred,
            max_delay: Duration::from_micros(config.max_queue_delay_microseconds),
            queue: QueuePolicy {
                max_size: limit(queue.max_queue_size.into())
                    .map(|size| usize::try_from(size).unwrap_or(usize::MAX)),
                timeout: limit(queue.default_timeout_microseconds).map(Duration::from_micros),
                delay_expired: queue.timeout_action == "DELAY",
                allow_override: queue.allow_timeout_override,
            },
        })
    }
}

/// Says in the log what the embedded engine does otherwise than the config asks.
fn warn(config: &ModelConfig, places: &Places) {
    let groups = config.instance_group.iter();
    if let Some(index) = groups.clone().position(|group| group.kind == "KIND_GPU") {
        let field = format!("instance_group[{index}].kind");
        tracing::warn!(
            "{}",
            places.say(&field, "KIND_GPU: the embedded engine takes the CPU")
        );
    }
    let batching = config.dynamic_batching.as_ref();
    if batching.is_some_and(|batching| batching.priority_levels > 1) {
        let field = "dynamic_batching.priority_levels";
        let reason = "priority_levels: the embedded engine has one queue, first in, first out";
        tracing::warn!("{}", places.say(field, reason));
    }
}

/// The sum over the groups, or 1 where there is none.
fn instances(groups: &[InstanceGroup]) -> Result<usize, Fault> {
    let mut sum = 0usize;
    for (index, group) in groups.iter().enumerate() {
        let fault = |expected: &str, found: &dyn std::fmt::Display| {
            Fault::new(
                format!("instance_group[{index}].count"),
                format!("instance_group: expected {expected}, found {found}"),
            )
        };
        if group.count < 0 {
            return Err(fault("a count of 0 or more", &group.count));
        }
        sum = sum.saturating_add(count(group) as usize);
        if sum > MAX_INSTANCES {
            let expected = format!("at most {MAX_INSTANCES} instances in all");
            return Err(fault(&expected, &sum));
        }
    }
    Ok(sum.max(1))
}

/// How many graphs a group has; a count that is absent or 0 is 1. Triton takes 2 on CPUs, which
/// costs the weights' memory twice and gains little where one graph's threads fill the cores.
pub(super) fn count(group: &InstanceGroup) -> i32 {
    group.count.max(1)
}

fn threads(config: &ModelConfig) -> Result<Option<usize>, Fault> {
    let Some(found) = config.parameters.get(THREADS) else {
        return Ok(None);
    };
    let found = found.string_value.trim();
    match found.parse() {
        // ONNX Runtime's own choice.
        Ok(0) => Ok(None),
        Ok(threads) if threads <= MAX_THREADS => Ok(Some(threads)),
        _ => Err(Fault::new(
            format!("parameters[\"{THREADS}\"]"),
            format!(
                "parameter \"{THREADS}\": expected a number of threads, 0 to {MAX_THREADS}, found \"{found}\""
            ),
        )),
    }
}
