//! What one version of a model has done, counted as Triton counts: successes, failures and their
//! durations by request, `batch_stats` by run. A request that shared a run is charged all of the
//! run's time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use conch_shared::kserve::statistics::{Duration, ModelStatistics};

use super::instance::Run;
use super::request::Request;
use crate::metrics::Engine;

/// Counts since the version was loaded.
pub(super) struct Counters {
    statistics: Mutex<ModelStatistics>,
    /// The same for Prometheus, which wants to know how the durations are distributed.
    pub(super) engine: Engine,
}

impl Counters {
    pub(super) fn new(name: &str, version: u64) -> Self {
        Self {
            statistics: Mutex::new(ModelStatistics {
                name: name.to_owned(),
                version: version.to_string(),
                ..ModelStatistics::default()
            }),
            engine: Engine::new(name, version),
        }
    }

    pub(super) fn snapshot(&self) -> ModelStatistics {
        self.lock().clone()
    }

    /// The model and its version, as the log names them.
    pub(super) fn subject(&self) -> (String, String) {
        let counts = self.lock();
        (counts.name.clone(), counts.version.clone())
    }

    /// A run of these requests, which an instance took up at `begun`, went well.
    pub(super) fn succeeded(&self, requests: &[Request], begun: Instant, run: &Run) {
        let items: usize = requests.iter().map(|request| request.items).sum();
        self.engine.ran(items, run.compute_infer);
        for request in requests {
            let wait = begun.saturating_duration_since(request.arrived);
            self.engine.waited(wait);
        }
        // One lock for all of it: whoever reads the counts finds that they add up.
        let mut counts = self.lock();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
        counts.last_inference = counts.last_inference.max(now);
        counts.execution_count += 1;
        let batch = counts.batch(items as u64);
        batch.compute_input += once(run.compute_input);
        batch.compute_infer += once(run.compute_infer);
        batch.compute_output += once(run.compute_output);
        counts.inference_count += items as u64;
        let of_requests = &mut counts.inference_stats;
        for request in requests {
            of_requests.success += once(request.arrived.elapsed());
            of_requests.queue += once(begun.saturating_duration_since(request.arrived));
            of_requests.compute_input += once(run.compute_input);
            of_requests.compute_infer += once(run.compute_infer);
            of_requests.compute_output += once(run.compute_output);
        }
    }

    /// A request that came at `arrived` got no answer: the engine failed, the queue was full, it
    /// waited for too long, or its client went away.
    pub(super) fn failed(&self, arrived: Instant) {
        self.lock().inference_stats.fail += once(arrived.elapsed());
    }

    fn lock(&self) -> MutexGuard<'_, ModelStatistics> {
        self.statistics
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn once(duration: std::time::Duration) -> Duration {
    Duration {
        count: 1,
        ns: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
    }
}
