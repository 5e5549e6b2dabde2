//! One model of the repository, with a scheduler for each version that runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use conch_shared::api::{ModelInfo, ModelState};
use conch_shared::kserve::metadata::IndexEntry;

use super::counters::Counters;
use super::graph::Graph;
use super::library::Library;
use super::scheduler::Scheduler;
use crate::backend::{BackendError, Model};
use crate::config::EmbeddedArgs;
use crate::model_repo::{Artifact, RepoModel, Scheduling, Unusable};

/// A model and its versions.
pub(super) struct Slot {
    pub(super) model: Arc<Model>,
    /// Every version that the config's policy serves: running, or why not.
    versions: BTreeMap<u64, Result<Scheduler, String>>,
    /// Why no version runs; none where one does.
    pub(super) unusable: Option<String>,
}

impl Slot {
    /// Loads every version that can run.
    pub(super) fn load(mut found: RepoModel, library: &Library, args: &EmbeddedArgs) -> Self {
        let name = found.name.clone();
        let start = |(version, artifact): (u64, Result<Artifact, Unusable>)| {
            let started = match &found.unusable {
                Some(reason) => Err(reason.clone()),
                None => artifact.and_then(|a| run(&name, &a, &found.scheduling, library, args)),
            };
            (version, started.map_err(|reason| reason.to_string()))
        };
        let versions: BTreeMap<_, _> = found.versions.drain(..).map(start).collect();
        for (version, outcome) in &versions {
            match outcome {
                Ok(_) => tracing::info!(model = name, version, "model loaded"),
                Err(reason) => tracing::warn!(model = name, version, reason, "model unavailable"),
            }
        }
        let unusable = found.unusable.as_ref().map(Unusable::to_string);
        let unusable = unusable.or_else(|| nothing_runs(&versions));
        if let Some(reason) = unusable.as_ref().filter(|_| versions.is_empty()) {
            tracing::warn!(model = name, reason, "model unavailable");
        }
        Self {
            model: Arc::new(describe(found, &versions, unusable.clone())),
            versions,
            unusable,
        }
    }

    /// The version, or the newest that runs where nobody chose one.
    ///
    /// # Errors
    /// When it is not served or does not run.
    pub(super) fn version(&self, asked: Option<u64>) -> Result<(u64, &Scheduler), BackendError> {
        let model = self.model.info.name.clone();
        let Some(version) = asked else {
            let unavailable = || BackendError::Unavailable {
                model,
                reason: self.unusable.clone().unwrap_or_default(),
            };
            return self.running().next_back().ok_or_else(unavailable);
        };
        match self.versions.get(&version) {
            Some(Ok(scheduler)) => Ok((version, scheduler)),
            Some(Err(reason)) => Err(BackendError::Unavailable {
                model,
                reason: format!("version {version}: {reason}"),
            }),
            None => Err(BackendError::UnknownVersion {
                model,
                version,
                known: self.model.info.versions.clone(),
            }),
        }
    }

    /// The versions that run, oldest first.
    pub(super) fn running(&self) -> impl DoubleEndedIterator<Item = (u64, &Scheduler)> {
        self.versions
            .iter()
            .filter_map(|(version, outcome)| Some((*version, outcome.as_ref().ok()?)))
    }
}

fn run(
    name: &str,
    artifact: &Artifact,
    scheduling: &Scheduling,
    library: &Library,
    args: &EmbeddedArgs,
) -> Result<Scheduler, Unusable> {
    let threads = args.threads.or(scheduling.threads);
    let threads = threads.unwrap_or_else(|| (cores() / scheduling.instances).max(1));
    let graphs = (0..scheduling.instances)
        .map(|_| Graph::load(library, artifact, threads))
        .collect::<Result<Vec<Graph>, Unusable>>()?;
    let counters = Counters::new(name, artifact.version);
    Scheduler::start(graphs, scheduling, args.queue, counters).map_err(|error| Unusable::Engine {
        reason: format!("the system gives no thread for it: {error}"),
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The versions' reasons, if none runs.
fn nothing_runs(versions: &BTreeMap<u64, Result<Scheduler, String>>) -> Option<String> {
    let mut reasons = Vec::new();
    for (version, outcome) in versions {
        let reason = outcome.as_ref().err()?;
        reasons.push(match versions.len() {
            1 => reason.clone(),
            _ => format!("version {version}: {reason}"),
        });
    }
    Some(match reasons.is_empty() {
        true => "it has no version".to_owned(),
        false => reasons.join("; "),
    })
}

/// What the API says of the model.
fn describe(
    found: RepoModel,
    versions: &BTreeMap<u64, Result<Scheduler, String>>,
    unusable: Option<String>,
) -> Model {
    let entry = |version: Option<u64>, reason: Option<&String>| IndexEntry {
        name: found.name.clone(),
        version: version.map(|version| version.to_string()),
        state: Some(match reason {
            None => IndexEntry::READY.to_owned(),
            Some(_) => IndexEntry::UNAVAILABLE.to_owned(),
        }),
        reason: reason.cloned(),
    };
    let mut index: Vec<IndexEntry> = versions
        .iter()
        .map(|(version, outcome)| entry(Some(*version), outcome.as_ref().err()))
        .collect();
    if index.is_empty() {
        index.push(entry(None, unusable.as_ref()));
    }
    let ready = index.iter().filter(|entry| entry.is_ready());
    let ready = ready.filter_map(|entry| entry.version.clone()).collect();
    Model {
        info: ModelInfo {
            name: found.name.clone(),
            state: match unusable {
                None => ModelState::Ready,
                Some(reason) => ModelState::Unavailable { reason },
            },
            versions: versions.keys().map(u64::to_string).collect(),
            spec: found.spec,
        },
        labels: found.labels,
        metadata: found.metadata.map(|mut metadata| {
            // As in Triton: those that answer, not all that are there.
            metadata.versions = ready;
            metadata
        }),
        config: found.config,
        config_text: found.config_text,
        index,
    }
}
