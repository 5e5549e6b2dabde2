//! The embedded engine: what waits, what runs together, and how long it runs.

use std::fmt;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use super::SECONDS;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    model: String,
    version: u64,
}

/// What one version of a model measures; clones measure together.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    labels: Version,
    wait: Histogram,
    batch: Histogram,
    run: Histogram,
}

impl Engine {
    pub(crate) fn new(model: &str, version: u64) -> Self {
        Self {
            labels: Version {
                model: model.to_owned(),
                version,
            },
            wait: Histogram::new(SECONDS),
            // Items: 1 to 128.
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 8)),
            run: Histogram::new(SECONDS),
        }
    }

    /// A request left the queue.
    pub(crate) fn waited(&self, time: Duration) {
        self.wait.observe(time.as_secs_f64());
    }

    /// The model ran on so many items.
    pub(crate) fn ran(&self, items: usize, time: Duration) {
        self.batch.observe(items as f64);
        self.run.observe(time.as_secs_f64());
    }
}

/// All versions that run, and how many requests wait for each.
#[derive(Debug)]
pub(crate) struct Engines(pub(crate) Vec<(Engine, usize)>);

impl Collector for Engines {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (name, help) = ("conch_queue_length", "Requests that wait for an instance.");
        let mut lengths = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (engine, waiting) in &self.0 {
            let waiting = ConstGauge::new(i64::try_from(*waiting).unwrap_or(i64::MAX));
            waiting.encode(lengths.encode_family(&engine.labels)?)?;
        }
        let mut histogram = |name, help, of: fn(&Engine) -> &Histogram| {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
            self.0.iter().try_for_each(|(engine, _)| {
                of(engine).encode(family.encode_family(&engine.labels)?)
            })
        };
        let help = "Time that requests waited for an instance.";
        histogram("conch_queue_wait_seconds", help, |engine| &engine.wait)?;
        let help = "Items of a run of the model.";
        histogram("conch_batch_size", help, |engine| &engine.batch)?;
        let help = "Time of a run of the model in the engine.";
        histogram("conch_inference_duration_seconds", help, |e| &e.run)
    }
}
