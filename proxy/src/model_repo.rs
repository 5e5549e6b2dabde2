//! A Triton model repository on disk: each folder's `config.pbtxt`, labels and versions, checked.
//!
//! What is *broken* (a config that cannot be read, names that disagree, too few labels) is a
//! [`RepoError`] and stops the start: someone must mend it, and a wrong label is worse than none.
//! What is merely *not usable* (weights not fetched yet, no image classifier) leaves the other
//! models alone; see [`Unusable`].

mod bounded;
mod config_pbtxt;
mod dims;
mod error;
mod fault;
mod labels;
mod places;
mod platform;
mod scheduling;
mod spec;
mod text_format;
mod versions;
mod weights;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use conch_shared::kserve::metadata::ModelMetadata;
use conch_shared::label::LabelSet;
use conch_shared::model::ModelSpec;
use serde_json::Value;

pub use config_pbtxt::ModelConfig;
pub use error::{RepoError, Unusable};
pub use labels::labels_at;
pub use places::Places;
pub use scheduling::{Batching, QueuePolicy, Scheduling};
pub use spec::spec_of;

use spec::{Fitted, Misfit};

/// One model's folder.
#[derive(Debug)]
pub struct RepoModel {
    /// The folder's name, and the config's.
    pub name: String,
    /// What it takes and gives; absent where that is no image classifier.
    pub spec: Option<ModelSpec>,
    /// Class names; none where the config names no file of labels.
    pub labels: LabelSet,
    /// Its tensors, as the v2 protocol tells them; absent where it has no config.
    pub metadata: Option<ModelMetadata>,
    /// Its config in JSON, as Triton prints it, with what Triton fills in; absent as above.
    pub config: Option<Value>,
    /// How it runs.
    pub scheduling: Scheduling,
    /// The versions that the policy serves, oldest first: the weights, or why they cannot run.
    pub versions: Vec<(u64, Result<Artifact, Unusable>)>,
    /// Why no version can run at all: no config, no classifier, no version. None otherwise.
    pub unusable: Option<Unusable>,
}

/// A version's weights, and the tensors that its graph wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// The ONNX file.
    pub file: PathBuf,
    /// The version that it is.
    pub version: u64,
    /// What the model takes and gives.
    pub spec: ModelSpec,
    /// Dimensions that the graph takes, batch included: -1 stands for the batch or for any size.
    pub input_dims: Vec<i64>,
    /// Dimensions that the graph gives, batch included.
    pub output_dims: Vec<i64>,
    /// Where the config says so.
    pub places: Arc<Places>,
}

/// Reads every model of a repository, by name.
///
/// # Errors
/// When the folder is missing, empty of models, or a model in it is broken.
pub fn read(root: &Path) -> Result<Vec<RepoModel>, RepoError> {
    let unreadable = |reason| RepoError::Repository {
        path: root.to_owned(),
        reason,
    };
    let mut folders = Vec::new();
    for entry in fs::read_dir(root).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links count: a repository on a teacher's disk is often put together from them.
        if entry.path().is_dir() && !name.starts_with('.') {
            folders.push((name, entry.path()));
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err(RepoError::Empty {
            path: root.to_owned(),
        });
    }
    let mut models = Vec::new();
    let mut errors = Vec::new();
    for (name, folder) in folders {
        match read_model(name, &folder) {
            Ok(model) => models.push(model),
            Err(broken) => errors.extend(broken),
        }
    }
    match errors.len() {
        0 => Ok(models),
        1 => Err(errors.remove(0)),
        _ => Err(RepoError::Several {
            path: root.to_owned(),
            errors,
        }),
    }
}

/// Reads one model, or says everything that is broken about it.
fn read_model(name: String, folder: &Path) -> Result<RepoModel, Vec<RepoError>> {
    let there = versions::read(folder).map_err(|error| vec![error])?;
    let file = folder.join("config.pbtxt");
    if !file.exists() {
        let served = versions::served(&ModelConfig::default(), &there);
        return Ok(RepoModel::unusable(name, &served, Unusable::NoConfig));
    }
    let read = config_pbtxt::read(&file, &name).map_err(|error| vec![error])?;
    let (config, places) = (read.config, Arc::new(read.places));
    let served = versions::served(&config, &there);
    let mut broken = Vec::new();
    if !config.name.is_empty() && config.name != name {
        broken.push(RepoError::NameDiffers {
            line: places.line("name"),
            file: file.clone(),
            folder: name.clone(),
            config: config.name.clone(),
        });
    }
    let fitted = match fit(&config, &name) {
        Ok(fitted) => Ok(fitted),
        Err(Misfit::NoClassifier(fault)) => Err(fault.unusable(&places)),
        Err(Misfit::Broken(fault)) => {
            broken.push(fault.broken(&file, &places));
            return Err(broken);
        }
    };
    let (scheduling, fitted) = match fitted {
        Ok(fitted) => fitted,
        Err(unusable) if broken.is_empty() => {
            return Ok(RepoModel::unusable(name, &served, unusable));
        }
        Err(_) => return Err(broken),
    };
    let labels = labels::read(folder, &file, &config, &places, fitted.spec.classes).unwrap_or_else(
        |error| {
            broken.push(error);
            LabelSet::default()
        },
    );
    let artifact = |version: u64| -> Result<Artifact, Unusable> {
        Ok(Artifact {
            file: weights::find(folder, &name, version, &config, &places)?,
            version,
            spec: fitted.spec.clone(),
            input_dims: fitted.input_dims.clone(),
            output_dims: fitted.output_dims.clone(),
            places: Arc::clone(&places),
        })
    };
    let versions: Vec<_> = served.iter().map(|v| (*v, artifact(*v))).collect();
    if !broken.is_empty() {
        // Whoever mends the config wants to know of the file, too.
        let repository = folder.parent().unwrap_or(folder);
        let missing = versions
            .into_iter()
            .filter_map(|(_, weights)| weights.err());
        broken.extend(missing.map(|reason| RepoError::Weights {
            repository: repository.to_owned(),
            reason,
        }));
        return Err(broken);
    }
    let unusable = match (versions.is_empty(), there.is_empty()) {
        (false, _) => None,
        (true, true) => artifact(1).err(),
        (true, false) => Some(versions::none_served().unusable(&places)),
    };
    Ok(RepoModel {
        name,
        spec: Some(fitted.spec),
        labels,
        metadata: None,
        config: Some(read.json),
        scheduling,
        versions,
        unusable,
    })
}

/// Whether the embedded engine can run it, how, and what it takes and gives.
fn fit(config: &ModelConfig, name: &str) -> Result<(Scheduling, Fitted), Misfit> {
    platform::check(config)?;
    let scheduling = Scheduling::of(config)?;
    Ok((scheduling, spec::fit(config, name)?))
}

impl RepoModel {
    fn unusable(name: String, versions: &[u64], reason: Unusable) -> Self {
        Self {
            name,
            spec: None,
            labels: LabelSet::default(),
            metadata: None,
            config: None,
            scheduling: Scheduling::default(),
            versions: versions.iter().map(|v| (*v, Err(reason.clone()))).collect(),
            unusable: Some(reason),
        }
    }
}

#[cfg(test)]
mod tests;
