//! One model of the repository, with a scheduler for each version that runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use conch_shared::api::{ModelInfo, ModelState};
use conch_shared::kserve::metadata::IndexEntry;

use super::counters::Counters;
use super::graph::Graph;
use super::library::Library;
use super::scheduler::{Backoff, Load, Scheduler};
use crate::backend::{BackendError, Model};
use crate::config::EmbeddedArgs;
use crate::model_repo::{Artifact, RepoModel, Scheduling, Stamps, Unusable};

/// A model and its versions.
pub(super) struct Slot {
    /// What is known of it, whatever runs.
    found: Model,
    /// Every version that the config's policy serves: loaded, or why not.
    versions: BTreeMap<u64, Result<Arc<Version>, String>>,
    /// Why no version can run at all.
    unusable: Option<String>,
    told: Mutex<Told>,
}

/// A version that is loaded, and what it was loaded from.
struct Version {
    scheduler: Scheduler,
    artifact: Artifact,
    scheduling: Scheduling,
    /// Of its folder.
    stamps: Stamps,
}

/// What the API was told last.
struct Told {
    /// Of these states.
    states: States,
    model: Arc<Model>,
    /// What it was told before and somebody may still hold.
    before: Vec<Weak<Model>>,
}

/// Each version: it answers, or why not.
type States = BTreeMap<u64, Result<(), String>>;

impl Slot {
    /// Loads every version that can run, but for those that `old` runs already and whose files, of
    /// these `stamps`, are the same.
    pub(super) fn load(
        mut found: RepoModel,
        stamps: &Stamps,
        old: Option<&Self>,
        library: &Arc<Library>,
        args: &EmbeddedArgs,
    ) -> Self {
        let name = found.name.clone();
        let start = |(version, artifact): (u64, Result<Artifact, Unusable>)| {
            let start = |artifact: Artifact| {
                let (scheduling, stamps) = (found.scheduling.clone(), of_version(stamps, version));
                let same = old.and_then(|old| old.loaded(&artifact, &scheduling, &stamps));
                same.map_or_else(
                    || {
                        let scheduler = run(&name, &artifact, &scheduling, library, args)?;
                        Ok(Arc::new(Version {
                            scheduler,
                            artifact,
                            scheduling,
                            stamps,
                        }))
                    },
                    Ok,
                )
            };
            let started = match &found.unusable {
                Some(reason) => Err(reason.clone()),
                None => artifact.and_then(start),
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
        let states = states(&versions);
        let reason = unusable.clone().or_else(|| nothing_runs(&states));
        if let Some(reason) = reason.filter(|_| versions.is_empty()) {
            tracing::warn!(model = name, reason, "model unavailable");
        }
        let found = template(found, versions.keys().map(u64::to_string).collect());
        let model = Arc::new(describe(&found, &states, unusable.clone()));
        Self {
            found,
            versions,
            unusable,
            told: Mutex::new(Told {
                states,
                model,
                before: Vec::new(),
            }),
        }
    }

    /// The version of these very files, if it answers.
    fn loaded(
        &self,
        artifact: &Artifact,
        scheduling: &Scheduling,
        stamps: &Stamps,
    ) -> Option<Arc<Version>> {
        let version = self.versions.get(&artifact.version)?.as_ref().ok()?;
        let same = version.artifact == *artifact
            && version.scheduling == *scheduling
            && version.stamps == *stamps
            && version.scheduler.health().is_ok();
        same.then(|| Arc::clone(version))
    }

    /// What of `old` would be lost with this one in its place: a version that both serve and that
    /// answers there alone, or all that answers.
    pub(super) fn loss(&self, old: &Self) -> Option<String> {
        if self.running().next().is_none() && old.running().next().is_some() {
            return Some(self.unusable().unwrap_or_default());
        }
        old.running().find_map(|(version, _)| {
            let reason = self.versions.get(&version)?.as_ref().err()?;
            Some(format!("version {version}: {reason}"))
        })
    }

    /// What the API says of it now.
    pub(super) fn model(&self) -> Arc<Model> {
        let states = states(&self.versions);
        let mut told = self.told();
        if told.states != states {
            let model = describe(&self.found, &states, self.unusable.clone());
            let before = std::mem::replace(&mut told.model, Arc::new(model));
            told.states = states;
            told.before.push(Arc::downgrade(&before));
            drop(before);
            told.before.retain(|model| model.strong_count() > 0);
        }
        Arc::clone(&told.model)
    }

    /// Whether this very model came from here.
    pub(super) fn told_of(&self, model: &Model) -> bool {
        let told = self.told();
        // Its owner holds it, so nothing else can have its address.
        std::ptr::eq(&*told.model, model)
            || told.before.iter().any(|m| std::ptr::eq(m.as_ptr(), model))
    }

    /// Whether somebody holds a model that came from here, and may ask for an inference by it.
    pub(super) fn is_wanted(&self) -> bool {
        let told = self.told();
        Arc::strong_count(&told.model) > 1 || told.before.iter().any(|m| m.strong_count() > 0)
    }

    /// Whether a job made for that model fits this one, and its answer gets the right labels.
    pub(super) fn is_like(&self, model: &Model) -> bool {
        self.found.info.spec == model.info.spec && self.found.labels == model.labels
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why no version answers; none where one does.
    pub(super) fn unusable(&self) -> Option<String> {
        let unusable = self.unusable.clone();
        unusable.or_else(|| nothing_runs(&states(&self.versions)))
    }

    /// The version, or the newest that answers where nobody chose one.
    ///
    /// # Errors
    /// When it is not served or does not answer.
    pub(super) fn version(&self, asked: Option<u64>) -> Result<(u64, &Scheduler), BackendError> {
        let unavailable = |reason| BackendError::Unavailable {
            model: self.found.info.name.clone(),
            reason,
        };
        let Some(version) = asked else {
            let newest = self.running().next_back();
            return newest.ok_or_else(|| unavailable(self.unusable().unwrap_or_default()));
        };
        let Some(outcome) = self.versions.get(&version) else {
            return Err(BackendError::UnknownVersion {
                model: self.found.info.name.clone(),
                version,
                known: self.found.info.versions.clone(),
            });
        };
        let answers = outcome.as_ref().map_err(String::clone);
        answers
            .and_then(|loaded| {
                loaded
                    .scheduler
                    .health()
                    .map(|()| (version, &loaded.scheduler))
            })
            .map_err(|reason| unavailable(format!("version {version}: {reason}")))
    }

    /// The versions that answer, oldest first.
    pub(super) fn running(&self) -> impl DoubleEndedIterator<Item = (u64, &Scheduler)> {
        let loaded = self.versions.iter();
        let loaded = loaded.filter_map(|(version, loaded)| {
            let loaded = loaded.as_ref().ok()?;
            Some((*version, &loaded.scheduler))
        });
        loaded.filter(|(_, scheduler)| scheduler.health().is_ok())
    }
}

/// The stamps of a version's folder.
fn of_version(stamps: &Stamps, version: u64) -> Stamps {
    let folder = version.to_string();
    let inside = stamps
        .iter()
        .filter(|(path, _)| path.starts_with(Path::new(&folder)));
    inside.map(|(path, stamp)| (path.clone(), *stamp)).collect()
}

fn run(
    name: &str,
    artifact: &Artifact,
    scheduling: &Scheduling,
    library: &Arc<Library>,
    args: &EmbeddedArgs,
) -> Result<Scheduler, Unusable> {
    let threads = args.threads.or(scheduling.threads);
    let threads = threads.unwrap_or_else(|| (cores() / scheduling.instances).max(1));
    let graphs = (0..scheduling.instances)
        .map(|_| Graph::load(library, artifact, threads))
        .collect::<Result<Vec<Graph>, Unusable>>()?;
    let counters = Counters::new(name, artifact.version);
    let (library, artifact) = (Arc::clone(library), artifact.clone());
    let load = Load {
        load: Arc::new(move || {
            Graph::load(&library, &artifact, threads).map_err(|reason| reason.to_string())
        }),
        backoff: Backoff::default(),
    };
    let started = Scheduler::start(graphs, scheduling, args.queue, counters, &load);
    started.map_err(|error| Unusable::Engine {
        reason: format!("the system gives no thread for it: {error}"),
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn states(versions: &BTreeMap<u64, Result<Arc<Version>, String>>) -> States {
    let state = |loaded: &Result<Arc<Version>, String>| {
        let version = loaded.as_ref().map_err(String::clone)?;
        version.scheduler.health()
    };
    let states = versions.iter();
    states
        .map(|(version, loaded)| (*version, state(loaded)))
        .collect()
}

/// The versions' reasons, if none answers.
fn nothing_runs(states: &States) -> Option<String> {
    let mut reasons = Vec::new();
    for (version, outcome) in states {
        let reason = outcome.as_ref().err()?;
        reasons.push(match states.len() {
            1 => reason.clone(),
            _ => format!("version {version}: {reason}"),
        });
    }
    Some(match reasons.is_empty() {
        true => "it has no version".to_owned(),
        false => reasons.join("; "),
    })
}

/// What the API says of the model, but for what depends on the versions' states.
fn template(found: RepoModel, versions: Vec<String>) -> Model {
    Model {
        info: ModelInfo {
            name: found.name,
            state: ModelState::Ready,
            versions,
            spec: found.spec,
        },
        labels: found.labels,
        metadata: found.metadata,
        config: found.config,
        config_text: found.config_text,
        index: Vec::new(),
    }
}

/// What the API says of the model in these states.
fn describe(found: &Model, states: &States, unusable: Option<String>) -> Model {
    let unusable = unusable.or_else(|| nothing_runs(states));
    let entry = |version: Option<u64>, reason: Option<&String>| IndexEntry {
        name: found.info.name.clone(),
        version: version.map(|version| version.to_string()),
        state: Some(match reason {
            None => IndexEntry::READY.to_owned(),
            Some(_) => IndexEntry::UNAVAILABLE.to_owned(),
        }),
        reason: reason.cloned(),
    };
    let mut model = found.clone();
    let index = states.iter();
    model.index = index
        .map(|(version, outcome)| entry(Some(*version), outcome.as_ref().err()))
        .collect();
    if model.index.is_empty() {
        model.index.push(entry(None, unusable.as_ref()));
    }
    if let Some(metadata) = &mut model.metadata {
        // As in Triton: those that answer, not all that are there.
        let ready = model.index.iter().filter(|entry| entry.is_ready());
        metadata.versions = ready.filter_map(|entry| entry.version.clone()).collect();
    }
    if let Some(reason) = unusable {
        model.info.state = ModelState::Unavailable { reason };
    }
    model
}
