//! ONNX Runtime in this process: each model has an engine thread, fed by a queue.

mod graph;
mod instance;
mod library;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ModelInfo, ModelState, ReplicaStatus};
use conch_shared::kserve::metadata::ServerMetadata;
use conch_shared::kserve::statistics::ModelStatistics;

use super::{Backend, BackendError, Inference, Job, Model, ModelId};
use crate::config::EmbeddedArgs;
use crate::model_repo::{self, Artifact, RepoError, RepoModel, Unusable};
use graph::Graph;
use instance::Instance;
use library::Library;

/// The embedded engine.
pub struct Embedded {
    models: BTreeMap<String, Slot>,
    engine: String,
}

struct Slot {
    model: Arc<Model>,
    /// The running graph, or why there is none.
    instance: Result<Instance, String>,
}

/// Why the embedded engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The repository is broken.
    #[error(transparent)]
    Repo(#[from] RepoError),
    /// There is no usable `libonnxruntime`.
    #[error("{reason}\nlooked at: {}\n{HOW_TO_GET_LIBRARY}", places(.looked_at))]
    Library {
        /// What happened.
        reason: String,
        /// Where it was looked for.
        looked_at: Vec<PathBuf>,
    },
    /// No model of the repository can run.
    #[error("no model of {} can run:\n{}", repository.display(), reasons.join("\n"))]
    NoModel {
        /// The repository.
        repository: PathBuf,
        /// One line a model.
        reasons: Vec<String>,
    },
}

const HOW_TO_GET_LIBRARY: &str = "scripts/setup/onnxruntime.sh puts it in place; \
     or give one that you have: --onnxruntime PATH, or CONCH_ONNXRUNTIME=PATH";

fn places(paths: &[PathBuf]) -> String {
    let places: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    places.join(", ")
}

impl Embedded {
    /// Reads the repository and loads every model that can run. Takes about as long as reading
    /// the weights; call it off the async threads.
    ///
    /// # Errors
    /// When the repository is broken, the library missing, or no model can run. A model that
    /// cannot run beside others that can is logged and listed as unavailable.
    pub fn load(args: &EmbeddedArgs) -> Result<Self, EmbeddedError> {
        let repository = args.repository();
        let found = model_repo::read(&repository)?;
        let repository = std::path::absolute(&repository).unwrap_or(repository);
        tracing::info!(repository = %repository.display(), models = found.len(), "repository read");
        let library = Library::load(args.onnxruntime.as_deref())?;
        let threads = args.threads.unwrap_or_else(cores);
        let load = |model: RepoModel| {
            let name = model.name.clone();
            (name, Slot::load(model, &library, threads, args.queue))
        };
        let models: BTreeMap<String, Slot> = found.into_iter().map(load).collect();
        if models.values().all(|slot| slot.instance.is_err()) {
            let reason = |(name, slot): (&String, &Slot)| {
                let reason = slot.instance.as_ref().err()?;
                Some(format!("  {name}: {reason}"))
            };
            return Err(EmbeddedError::NoModel {
                repository,
                reasons: models.iter().filter_map(reason).collect(),
            });
        }
        Ok(Self {
            models,
            engine: library.engine,
        })
    }

    fn unknown(&self, name: &str) -> BackendError {
        BackendError::UnknownModel {
            model: name.to_owned(),
            known: self.models.keys().cloned().collect(),
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Slot {
    fn load(found: RepoModel, library: &Library, threads: usize, queue: usize) -> Self {
        let start = |artifact: Artifact| -> Result<Instance, Unusable> {
            let graph = Graph::load(library, &artifact, threads)?;
            Ok(Instance::start(graph, &artifact, queue))
        };
        let versions: Vec<String> = found.versions.iter().map(|(v, _)| v.to_string()).collect();
        let newest = match (found.unusable, found.versions.into_iter().next_back()) {
            (None, Some((_, weights))) => weights,
            (unusable, _) => Err(unusable.unwrap_or(Unusable::NoConfig)),
        };
        let started = newest.and_then(start);
        let instance = started.map_err(|unusable| unusable.to_string());
        let model = &found.name;
        let state = match &instance {
            Ok(Instance { version, .. }) => {
                tracing::info!(model, version, "model loaded");
                ModelState::Ready
            }
            Err(reason) => {
                tracing::warn!(model, reason, "model unavailable");
                let reason = reason.clone();
                ModelState::Unavailable { reason }
            }
        };
        let info = ModelInfo {
            name: found.name,
            state,
            versions,
            spec: found.spec,
        };
        let labels = found.labels;
        Self {
            model: Arc::new(Model {
                info,
                labels,
                metadata: found.metadata,
                config: found.config,
                index: Vec::new(),
            }),
            instance,
        }
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn status(&self) -> BackendStatus {
        let ready = self.models.values().any(|slot| slot.instance.is_ok());
        BackendStatus {
            kind: "embedded".to_owned(),
            engine: self.engine.clone(),
            replicas: vec![ReplicaStatus {
                name: "this process".to_owned(),
                ready,
            }],
        }
    }

    async fn models(&self) -> Vec<Arc<Model>> {
        self.models.values().map(|s| Arc::clone(&s.model)).collect()
    }

    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        match self.models.get(name) {
            Some(slot) => Ok(Arc::clone(&slot.model)),
            None => Err(self.unknown(name)),
        }
    }

    async fn infer(&self, model: &ModelId, mut job: Job) -> Result<Inference, BackendError> {
        let name = model.name.as_str();
        let slot = self.models.get(name);
        let slot = slot.ok_or_else(|| self.unknown(name))?;
        let failed = || BackendError::Failed {
            model: name.to_owned(),
            cause: "there is no input".to_owned(),
        };
        let input = job.inputs.pop().ok_or_else(failed)?.tensor;
        match &slot.instance {
            Ok(instance) => instance.infer(name, input).await,
            Err(reason) => Err(BackendError::Unavailable {
                model: name.to_owned(),
                reason: reason.clone(),
            }),
        }
    }

    async fn server(&self) -> ServerMetadata {
        ServerMetadata::default()
    }

    async fn statistics(&self, _: Option<&ModelId>) -> Result<Vec<ModelStatistics>, BackendError> {
        Ok(Vec::new())
    }
}
