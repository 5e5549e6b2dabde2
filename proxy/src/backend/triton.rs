//! NVIDIA Triton: one or more servers ("replicas") that run the models.
//!
//! | module | subject |
//! | --- | --- |
//! | `client`, `connections` | HTTP to one server, with bounds |
//! | `fault` | what can go wrong there, and what follows |
//! | `look`, `labels`, `definition` | what a replica says of itself and its models |
//! | `watch`, `replica` | whether a replica is well, and trusted |
//! | `catalogue` | what all replicas together serve |
//! | `pool`, `balance`, `retry`, `infer` | a request's way: to which replica, and once more |
//! | `outputs` | whether an answer is one |
//! | `counts` | statistics, added up |

mod balance;
mod catalogue;
mod client;
mod connections;
mod counts;
mod definition;
mod fault;
mod infer;
mod labels;
mod look;
mod outputs;
mod pool;
mod replica;
mod retry;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ReplicaStatus};
use conch_shared::kserve::metadata::ServerMetadata;
use conch_shared::kserve::statistics::ModelStatistics;
use prometheus_client::registry::Registry;
use reqwest::Url;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Backend, BackendError, EXTENSIONS, Inference, Job, Model, ModelId};
use crate::config::TritonArgs;
use client::Client;
use pool::Pool;
use replica::Replica;

/// How long the start waits for the first look at the replicas. A server that comes up before its
/// Triton is in order; this only spares the first photos a "not ready".
const FIRST_LOOK: Duration = Duration::from_secs(3);

/// Triton servers. Dropping it ends their watches.
pub struct Triton {
    pool: Arc<Pool>,
    deadline: Duration,
    _watches: JoinSet<()>,
}

impl Triton {
    /// Begins to watch the replicas, and waits a moment for the first look at them. None of them
    /// has to answer yet. Labels are read from `repository`, where that is given and has them.
    pub async fn start(args: &TritonArgs, repository: Option<PathBuf>) -> Self {
        let mut addresses = args.triton.clone();
        let mut known = std::collections::HashSet::new();
        addresses.retain(|address| known.insert(address.clone()));
        let replica = |(at, address): (usize, &Url)| {
            let name = format!("replica {}", at + 1);
            Replica::new(name, Client::new(address.authority()))
        };
        let replicas = addresses.iter().enumerate().map(replica).collect();
        let pool = Pool::new(replicas, args.triton_health_interval, repository);
        let pool = Arc::new(pool);
        let mut watches = JoinSet::new();
        let mut looks = Vec::new();
        for at in 0..pool.replicas.len() {
            let (looked, look) = oneshot::channel();
            watches.spawn(watch::watch(Arc::clone(&pool), at, looked));
            looks.push(look);
        }
        let all_looked = async {
            for look in looks {
                // A watch does not end before this value does.
                look.await.ok();
            }
        };
        timeout(FIRST_LOOK, all_looked).await.ok();
        if !pool.catalogue().ready.contains(&true) {
            tracing::warn!("no Triton answers yet; models are served as soon as one does");
        }
        Self {
            pool,
            deadline: args.triton_timeout,
            _watches: watches,
        }
    }
}

#[async_trait]
impl Backend for Triton {
    async fn status(&self) -> BackendStatus {
        let catalogue = self.pool.catalogue();
        let engine = match &catalogue.server {
            Some(server) => format!("Triton {}", server.version),
            None => "Triton".to_owned(),
        };
        let replicas = self.pool.replicas.iter().zip(&catalogue.ready);
        BackendStatus {
            kind: "triton".to_owned(),
            engine,
            replicas: replicas
                .map(|(replica, ready)| ReplicaStatus {
                    name: replica.name.clone(),
                    ready: *ready && replica.is_trusted(),
                })
                .collect(),
        }
    }

    async fn server(&self) -> ServerMetadata {
        let told = self.pool.catalogue().server.clone().unwrap_or_default();
        let ours = |extension: &String| EXTENSIONS.contains(&extension.as_str());
        ServerMetadata {
            extensions: told.extensions.into_iter().filter(ours).collect(),
            name: match told.name {
                name if name.is_empty() => "triton".to_owned(),
                name => name,
            },
            version: told.version,
        }
    }

    async fn models(&self) -> Vec<Arc<Model>> {
        let catalogue = self.pool.catalogue();
        let models = catalogue.models.values();
        models.map(|entry| Arc::clone(&entry.model)).collect()
    }

    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        Ok(Arc::clone(&self.pool.catalogue().get(name)?.model))
    }

    async fn infer(
        &self,
        model: &Model,
        version: Option<u64>,
        job: Job,
    ) -> Result<Inference, BackendError> {
        infer::infer(&self.pool, self.deadline, model, version, job).await
    }

    async fn statistics(
        &self,
        model: Option<&ModelId>,
    ) -> Result<Vec<ModelStatistics>, BackendError> {
        counts::statistics(&self.pool, model).await
    }

    fn measure(&self, registry: &mut Registry) {
        self.pool.measured.register(registry);
    }
}
