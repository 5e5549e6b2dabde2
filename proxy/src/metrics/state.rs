//! What is so at the moment.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::admission::Admission;
use crate::backend::Backend;

/// What is taken of what there is.
pub(super) fn register_pools(registry: &mut Registry, admission: &Admission) {
    let mut gauge = |name: &str, help: &str, value: usize| {
        let gauge = Gauge::<i64>::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    };
    let (requests, bytes) = (admission.requests(), admission.bytes());
    let help = "Requests that are with a model, or wait for it";
    gauge("conch_admitted_requests", help, requests.taken());
    let help = "Most of conch_admitted_requests (--max-requests)";
    gauge("conch_admitted_requests_limit", help, requests.most());
    let help = "Bytes of requests in memory";
    gauge("conch_held_bytes", help, bytes.taken());
    let help = "Most of conch_held_bytes (--max-held)";
    gauge("conch_held_bytes_limit", help, bytes.most());
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Replica {
    replica: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    model: String,
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    backend: String,
    engine: String,
}

/// The number of the replica at this place of the list, as the log and `/api/status` name it: a
/// label must not hold an address.
pub(super) fn number(at: usize) -> usize {
    at + 1
}

pub(super) async fn register(registry: &mut Registry, backend: &dyn Backend) {
    let status = backend.status().await;
    let up = Family::<Replica, Gauge>::default();
    for (at, replica) in status.replicas.iter().enumerate() {
        let replica_up = up.get_or_create_owned(&Replica {
            replica: number(at),
        });
        replica_up.set(replica.ready.into());
    }
    let ready = Family::<Version, Gauge>::default();
    for entry in backend.models().await.iter().flat_map(|m| &m.index) {
        let version_ready = ready.get_or_create_owned(&Version {
            model: entry.name.clone(),
            // A model without any is not ready either.
            version: entry.version.clone().unwrap_or_else(|| "none".to_owned()),
        });
        version_ready.set(entry.is_ready().into());
    }
    registry.register(
        "conch_replica_up",
        "Whether a replica is well and trusted; without Triton, this process is the only one",
        up,
    );
    registry.register(
        "conch_model_ready",
        "Whether a version of a model answers",
        ready,
    );
    registry.register(
        "conch_build",
        "The version of conch, and what runs the models",
        Info::new(Build {
            version: env!("CARGO_PKG_VERSION"),
            backend: status.kind,
            engine: status.engine,
        }),
    );
}
