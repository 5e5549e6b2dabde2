//! How a model's requests are queued, put together and spread: `dynamic_batching`,
//! `instance_group`, and the engine's threads.

use std::time::Duration;

use super::config_pbtxt::{DynamicBatching, InstanceGroup};
use super::fault::Fault;
use super::{ModelConfig, spec};

/// The entry of `parameters` that Triton's onnxruntime backend reads, too.
const THREADS: &str = "intra_op_thread_count";

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
    pub(super) fn of(config: &ModelConfig) -> Result<Self, Fault> {
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
        if preferred.is_empty() {
            preferred.push(max_batch_size.max(1));
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

/// The sum over the groups; a count that is absent is 1.
fn instances(groups: &[InstanceGroup]) -> Result<usize, Fault> {
    let mut sum = 0usize;
    for (index, group) in groups.iter().enumerate() {
        let count = usize::try_from(group.count).map_err(|_negative| {
            Fault::new(
                format!("instance_group[{index}].count"),
                format!(
                    "instance_group: expected a count of 0 or more, found {}",
                    group.count
                ),
            )
        })?;
        sum = sum.saturating_add(count.max(1));
    }
    Ok(sum.max(1))
}

fn threads(config: &ModelConfig) -> Result<Option<usize>, Fault> {
    let Some(found) = config.parameters.get(THREADS) else {
        return Ok(None);
    };
    let found = found.string_value.trim();
    match found.parse() {
        // ONNX Runtime's own choice.
        Ok(0) => Ok(None),
        Ok(threads) => Ok(Some(threads)),
        Err(_) => Err(Fault::new(
            format!("parameters[\"{THREADS}\"]"),
            format!("parameter \"{THREADS}\": expected a number of threads, found \"{found}\""),
        )),
    }
}
