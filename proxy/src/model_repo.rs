//! A Triton model repository on disk: each folder's `config.pbtxt`, labels and versions, checked.
//!
//! What is *broken* (a config that cannot be read, names that disagree, too few labels) is a
//! [`RepoError`] and stops the start: someone must mend it, and a wrong label is worse than none.
//! What is merely *not usable* (weights not fetched yet, no image classifier) leaves the other
//! models alone; see [`Unusable`].

mod config_pbtxt;
mod dims;
mod error;
mod spec;
mod text_format;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use conch_shared::label::LabelSet;
use conch_shared::model::ModelSpec;

pub use config_pbtxt::ModelConfig;
pub use error::{RepoError, Unusable};

/// One model's folder.
#[derive(Debug)]
pub struct RepoModel {
    /// The folder's name, and the config's.
    pub name: String,
    /// Versions that are there, oldest first.
    pub versions: Vec<u64>,
    /// What it takes and gives; absent where that is no image classifier.
    pub spec: Option<ModelSpec>,
    /// Class names; none where the config names no file of labels.
    pub labels: LabelSet,
    /// What an engine needs to run it, or why none can.
    pub artifact: Result<Artifact, Unusable>,
}

/// A model's weights, and the tensors that its graph wants.
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
    folders
        .into_iter()
        .map(|(name, folder)| read_model(name, &folder))
        .collect()
}

fn read_model(name: String, folder: &Path) -> Result<RepoModel, RepoError> {
    let versions = versions::read(folder)?;
    let file = folder.join("config.pbtxt");
    let unusable = |name, versions, reason| RepoModel {
        name,
        versions,
        spec: None,
        labels: LabelSet::default(),
        artifact: Err(reason),
    };
    if !file.exists() {
        return Ok(unusable(name, versions, Unusable::NoConfig));
    }
    let config = config_pbtxt::read(&file)?;
    if !config.name.is_empty() && config.name != name {
        return Err(RepoError::NameDiffers {
            file,
            folder: name,
            config: config.name,
        });
    }
    let fitted = match spec::fit(&config, &name, &file)? {
        Ok(fitted) => fitted,
        Err(reason) => return Ok(unusable(name, versions, reason)),
    };
    let labels = read_labels(folder, &file, &config, fitted.spec.classes)?;
    let artifact =
        versions::artifact(folder, &name, &config, &versions).map(|(file, version)| Artifact {
            file,
            version,
            spec: fitted.spec.clone(),
            input_dims: fitted.input_dims,
            output_dims: fitted.output_dims,
        });
    Ok(RepoModel {
        name,
        versions,
        spec: Some(fitted.spec),
        labels,
        artifact,
    })
}

fn read_labels(
    folder: &Path,
    config_file: &Path,
    config: &ModelConfig,
    classes: usize,
) -> Result<LabelSet, RepoError> {
    let Some(name) = config.output.first().map(|o| o.label_filename.as_str()) else {
        return Ok(LabelSet::default());
    };
    if name.is_empty() {
        return Ok(LabelSet::default());
    }
    if !versions::stays_inside(name) {
        return Err(RepoError::Config {
            file: config_file.to_owned(),
            reason: format!("label_filename \"{name}\" leads out of the model's folder"),
        });
    }
    let file = folder.join(name);
    let bytes = fs::read(&file).map_err(|reason| RepoError::File {
        path: file.clone(),
        reason,
    })?;
    let labels = LabelSet::parse(&String::from_utf8_lossy(&bytes));
    if labels.len() < classes {
        return Err(RepoError::TooFewLabels {
            file,
            classes,
            labels: labels.len(),
        });
    }
    Ok(labels)
}

#[cfg(test)]
mod tests;
