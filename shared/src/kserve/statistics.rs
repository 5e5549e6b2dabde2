//! What a server counted: the body of `GET /v2/models/{name}/stats`, field for field as in Triton's
//! statistics extension.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// The body: one entry a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The versions, by model and number.
    pub model_stats: Vec<ModelStatistics>,
}

/// What one version did since it was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelStatistics {
    /// The model's name.
    pub name: String,
    /// The version.
    pub version: String,
    /// When it last ended a run, milliseconds since 1970; 0 when it never did.
    #[serde(default)]
    pub last_inference: u64,
    /// Items inferred: a request of a batch of 3 counts 3.
    #[serde(default)]
    pub inference_count: u64,
    /// Runs of the model: a run of a batch counts 1.
    #[serde(default)]
    pub execution_count: u64,
    /// Durations of requests, by what the time went into.
    #[serde(default)]
    pub inference_stats: InferenceStatistics,
    /// Durations of runs, by batch size.
    #[serde(default)]
    pub batch_stats: Vec<BatchStatistics>,
}

/// How many, and how long together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// How many.
    pub count: u64,
    /// How long together, nanoseconds.
    pub ns: u64,
}

/// Durations of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InferenceStatistics {
    /// From coming in to going out, of requests that were answered.
    pub success: Duration,
    /// The same, of those that failed.
    pub fail: Duration,
    /// Waiting for an instance.
    pub queue: Duration,
    /// Bringing the tensors together.
    pub compute_input: Duration,
    /// In the model.
    pub compute_infer: Duration,
    /// Taking the answers apart.
    pub compute_output: Duration,
    /// Answers from a cache; always none here.
    pub cache_hit: Duration,
    /// Looked for in a cache in vain; always none here.
    pub cache_miss: Duration,
}

/// Durations of runs of one batch size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchStatistics {
    /// Items in a run.
    pub batch_size: u64,
    /// Bringing the tensors together.
    #[serde(default)]
    pub compute_input: Duration,
    /// In the model.
    #[serde(default)]
    pub compute_infer: Duration,
    /// Taking the answers apart.
    #[serde(default)]
    pub compute_output: Duration,
}

impl AddAssign for Duration {
    fn add_assign(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.ns = self.ns.saturating_add(other.ns);
    }
}

impl AddAssign<&Self> for InferenceStatistics {
    fn add_assign(&mut self, other: &Self) {
        self.success += other.success;
        self.fail += other.fail;
        self.queue += other.queue;
        self.compute_input += other.compute_input;
        self.compute_infer += other.compute_infer;
        self.compute_output += other.compute_output;
        self.cache_hit += other.cache_hit;
        self.cache_miss += other.cache_miss;
    }
}

impl AddAssign<&Self> for BatchStatistics {
    fn add_assign(&mut self, other: &Self) {
        self.compute_input += other.compute_input;
        self.compute_infer += other.compute_infer;
        self.compute_output += other.compute_output;
    }
}

impl ModelStatistics {
    /// The runs of this batch size; an empty entry is made where there is none yet.
    pub fn batch(&mut self, batch_size: u64) -> &mut BatchStatistics {
        let found = self
            .batch_stats
            .binary_search_by_key(&batch_size, |batch| batch.batch_size);
        let at = found.unwrap_or_else(|at| {
            let empty = BatchStatistics {
                batch_size,
                ..BatchStatistics::default()
            };
            self.batch_stats.insert(at, empty);
            at
        });
        &mut self.batch_stats[at]
    }

    /// Adds what another replica of the same model and version counted.
    pub fn add(&mut self, other: &Self) {
        self.last_inference = self.last_inference.max(other.last_inference);
        self.inference_count = self.inference_count.saturating_add(other.inference_count);
        self.execution_count = self.execution_count.saturating_add(other.execution_count);
        self.inference_stats += &other.inference_stats;
        for batch in &other.batch_stats {
            *self.batch(batch.batch_size) += batch;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_counts_that_nobody_can_have_reached_ends_at_the_largest_number() {
        let absurd = || {
            let mut model = ModelStatistics {
                inference_count: u64::MAX,
                execution_count: u64::MAX,
                ..ModelStatistics::default()
            };
            model.batch(1).compute_infer = Duration {
                count: u64::MAX,
                ns: u64::MAX,
            };
            model
        };
        let mut sum = absurd();
        sum.add(&absurd());
        assert_eq!(sum, absurd());
    }

    #[test]
    fn replicas_add_up_batch_by_batch() {
        let counted = |batch_size, count| {
            let mut model = ModelStatistics {
                inference_count: batch_size * count,
                execution_count: count,
                ..ModelStatistics::default()
            };
            model.batch(batch_size).compute_infer = Duration { count, ns: 10 };
            model
        };
        let mut sum = counted(4, 2);
        sum.add(&counted(1, 3));
        sum.add(&counted(4, 1));
        assert_eq!((sum.inference_count, sum.execution_count), (15, 6));
        let batches: Vec<(u64, u64)> = sum
            .batch_stats
            .iter()
            .map(|batch| (batch.batch_size, batch.compute_infer.count))
            .collect();
        assert_eq!(batches, [(1, 3), (4, 3)]);
    }
}
