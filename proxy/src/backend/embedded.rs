//! ONNX Runtime in this process, behind a queue and a batcher that keep Triton's rules.
//!
//! A request waits in the `queue` of its model's version; the `scheduler`'s threads, one an
//! instance, take batches out of it.

mod counters;
mod graph;
mod instance;
mod library;
mod queue;
mod request;
mod scheduler;
mod serving;
mod slot;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use conch_shared::api::{BackendStatus, ReplicaStatus};
use conch_shared::kserve::NamedTensor;
use conch_shared::kserve::metadata::ServerMetadata;
use conch_shared::kserve::statistics::ModelStatistics;

use super::{Backend, BackendError, EXTENSIONS, Inference, Job, Model, ModelId};
use crate::config::EmbeddedArgs;
use crate::metrics::Engines;
use crate::model_repo::{self, RepoError};
use library::Library;
use prometheus_client::registry::Registry;
use request::Refusal;
use serving::Serving;
use slot::Slot;
use watch::{Watch, Watcher};

/// The embedded engine.
pub struct Embedded {
    /// Ends before the models do.
    _watch: Option<Watch>,
    serving: Arc<Serving>,
    engine: String,
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
    /// The repository cannot be watched.
    #[error("the system gives no thread to watch the model repository: {0}")]
    Watch(std::io::Error),
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
        // Before it is read: what changes meanwhile is a change.
        let taken = model_repo::look(&repository).unwrap_or_default();
        let found = model_repo::read(&repository)?;
        let repository = std::path::absolute(&repository).unwrap_or(repository);
        tracing::info!(repository = %repository.display(), models = found.len(), "repository read");
        let library = Arc::new(Library::load(args.onnxruntime.as_deref())?);
        let load = |model: model_repo::RepoModel| {
            let name = model.name.clone();
            let stamps = taken.get(&name).cloned().unwrap_or_default();
            let slot = Slot::load(model, &stamps, None, &library, args);
            (name, Arc::new(slot))
        };
        let models: BTreeMap<String, Arc<Slot>> = found.into_iter().map(load).collect();
        if models.values().all(|slot| slot.unusable().is_some()) {
            let reason = |(name, slot): (&String, &Arc<Slot>)| {
                let reason = slot.unusable()?;
                Some(format!("  {name}: {reason}"))
            };
            return Err(EmbeddedError::NoModel {
                repository,
                reasons: models.iter().filter_map(reason).collect(),
            });
        }
        let serving = Arc::new(Serving::new(models));
        let engine = library.engine.clone();
        let watcher = args.watch.then(|| Watcher {
            repository,
            args: args.clone(),
            library,
            serving: Arc::clone(&serving),
            taken,
        });
        let watch = watcher.map(Watch::start).transpose();
        Ok(Self {
            _watch: watch.map_err(EmbeddedError::Watch)?,
            serving,
            engine,
        })
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn status(&self) -> BackendStatus {
        let mut slots = self.serving.slots().into_iter();
        let ready = slots.any(|slot| slot.unusable().is_none());
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
        self.serving.models()
    }

    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        self.serving.model(name)
    }

    async fn infer(
        &self,
        model: &Model,
        version: Option<u64>,
        job: Job,
    ) -> Result<Inference, BackendError> {
        let slot = self.serving.slot_of(model)?;
        let spec = model.info.spec.as_ref();
        let model = &model.info.name;
        let (version, scheduler) = slot.version(version)?;
        let failed = |cause: String| BackendError::Failed {
            model: model.clone(),
            cause,
        };
        // A model that runs has one input and one output; its spec names them.
        let spec = spec.ok_or_else(|| failed("what it takes is not known".to_owned()))?;
        let mut inputs = job.inputs.into_iter();
        let input = inputs.find(|input| input.name == spec.input.name);
        let input = input.ok_or_else(|| failed(format!("no input \"{}\"", spec.input.name)))?;
        if let Some(name) = job.outputs.iter().find(|name| **name != spec.output.name) {
            return Err(failed(format!("there is no output \"{name}\"")));
        }
        let timeout = job.timeout.map(Duration::from_micros);
        let answer = scheduler.infer(input.tensor, timeout).await;
        let answer = answer.map_err(|refusal| match refusal {
            Refusal::Full(waiting) => BackendError::Overloaded {
                model: model.clone(),
                waiting,
            },
            Refusal::Expired => BackendError::Expired {
                model: model.clone(),
            },
            Refusal::Failed(cause) => failed(cause),
            Refusal::Broken(reason) => BackendError::Unavailable {
                model: model.clone(),
                reason,
            },
        })?;
        Ok(Inference {
            outputs: vec![NamedTensor {
                name: spec.output.name.clone(),
                tensor: answer.output,
            }],
            version: version.to_string(),
            timings: answer.timings,
        })
    }

    async fn server(&self) -> ServerMetadata {
        ServerMetadata {
            name: "conch".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            extensions: EXTENSIONS.map(str::to_owned).to_vec(),
        }
    }

    async fn statistics(
        &self,
        model: Option<&ModelId>,
    ) -> Result<Vec<ModelStatistics>, BackendError> {
        let all = |slot: &Slot| {
            slot.running()
                .map(|(_, s)| s.statistics())
                .collect::<Vec<_>>()
        };
        match model {
            None => Ok(self.serving.slots().iter().flat_map(|s| all(s)).collect()),
            Some(ModelId { name, version }) => {
                let slot = self.serving.slot(name)?;
                let (_, scheduler) = slot.version(*version)?;
                Ok(match version {
                    None => all(&slot),
                    Some(_) => vec![scheduler.statistics()],
                })
            }
        }
    }

    fn measure(&self, registry: &mut Registry) {
        let slots = self.serving.slots();
        let running = slots.iter().flat_map(|slot| slot.running());
        let engines = running.map(|(_, scheduler)| scheduler.measured()).collect();
        registry.register_collector(Box::new(Engines(engines)));
    }
}
