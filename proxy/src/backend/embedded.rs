//! ONNX Runtime in this process: each model has an engine thread, fed by a queue.

mod graph;
mod instance;
mod library;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ModelInfo, ModelState, ReplicaStatus};
use conch_shared::tensor::Tensor;

use super::{Backend, BackendError, Inference, Model};
use crate::config::EmbeddedArgs;
use crate::model_repo::{self, RepoError, RepoModel, Unusable};
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
    /// Absent where the model cannot run.
    instance: Option<Instance>,
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
        let found = model_repo::read(&args.model_repo)?;
        let library = Library::load(args.onnxruntime.as_deref())?;
        let threads = args.threads.unwrap_or_else(cores);
        let mut models = BTreeMap::new();
        for model in found {
            let name = model.name.clone();
            let slot = Slot::load(model, &library, threads, args.queue);
            models.insert(name, slot);
        }
        if models.values().all(|slot| slot.instance.is_none()) {
            let reason = |(name, slot): (&String, &Slot)| match &slot.model.info.state {
                ModelState::Ready => name.clone(),
                ModelState::Unavailable { reason } => format!("  {name}: {reason}"),
            };
            return Err(EmbeddedError::NoModel {
                repository: args.model_repo.clone(),
                reasons: models.iter().map(reason).collect(),
            });
        }
        Ok(Self {
            models,
            engine: library.engine,
        })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Slot {
    fn load(found: RepoModel, library: &Library, threads: usize, queue: usize) -> Self {
        let started = found.artifact.and_then(|artifact| {
            let Some(spec) = &found.spec else {
                return Err(Unusable::NoConfig);
            };
            let graph = Graph::load(library, &artifact, spec, threads)?;
            Ok(Instance::start(graph, &artifact, queue))
        });
        let (instance, state) = match started {
            Ok(instance) => {
                tracing::info!(
                    model = found.name,
                    version = instance.version,
                    "model loaded"
                );
                (Some(instance), ModelState::Ready)
            }
            Err(unusable) => {
                let reason = unusable.to_string();
                tracing::warn!(model = found.name, reason, "model unavailable");
                (None, ModelState::Unavailable { reason })
            }
        };
        let info = ModelInfo {
            name: found.name,
            state,
            versions: found.versions.iter().map(u64::to_string).collect(),
            spec: found.spec,
        };
        let labels = found.labels;
        Self {
            model: Arc::new(Model { info, labels }),
            instance,
        }
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn status(&self) -> BackendStatus {
        let ready = self.models.values().any(|slot| slot.instance.is_some());
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
            None => Err(BackendError::UnknownModel {
                model: name.to_owned(),
            }),
        }
    }

    async fn infer(&self, name: &str, input: Tensor) -> Result<Inference, BackendError> {
        let model = self.model(name).await?;
        match (
            self.models.get(name).and_then(|s| s.instance.as_ref()),
            &model.info.state,
        ) {
            (Some(instance), _) => instance.infer(name, input).await,
            (None, ModelState::Unavailable { reason }) => Err(BackendError::Unavailable {
                model: name.to_owned(),
                reason: reason.clone(),
            }),
            (None, ModelState::Ready) => Err(BackendError::Unavailable {
                model: name.to_owned(),
                reason: "it is not loaded".to_owned(),
            }),
        }
    }
}
