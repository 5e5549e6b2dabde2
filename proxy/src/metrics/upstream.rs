//! Triton: every try of a request, and what came of it.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::SECONDS;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Try {
    replica: usize,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    replica: usize,
}

/// What happened between this server and its replicas.
pub(crate) struct Upstream {
    tries: Family<Try, Counter>,
    duration: Family<Asked, Histogram>,
    retries: Counter,
    denied: Counter,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            tries: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            retries: Counter::default(),
            denied: Counter::default(),
        }
    }
}

impl Upstream {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "conch_triton_tries",
            "Inferences that replicas were asked for, by replica and outcome",
            self.tries.clone(),
        );
        registry.register(
            "conch_triton_try_duration_seconds",
            "Time from a try to its answer or its failure",
            self.duration.clone(),
        );
        registry.register(
            "conch_triton_retries",
            "Inferences that another replica was asked for after one had failed",
            self.retries.clone(),
        );
        registry.register(
            "conch_triton_retries_denied",
            "Second tries that the budget did not allow",
            self.denied.clone(),
        );
    }

    /// A replica, by its place in the list, was asked; `outcome` is `ok` or what went wrong.
    pub(crate) fn tried(&self, at: usize, outcome: &'static str, took: Duration) {
        let replica = super::state::number(at);
        let duration = self.duration.get_or_create_owned(&Asked { replica });
        duration.observe(took.as_secs_f64());
        self.tries.get_or_create(&Try { replica, outcome }).inc();
    }

    /// Another replica is asked.
    pub(crate) fn retried(&self) {
        self.retries.inc();
    }

    /// None is, since the budget is empty.
    pub(crate) fn denied(&self) {
        self.denied.inc();
    }
}
