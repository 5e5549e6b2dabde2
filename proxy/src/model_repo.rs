//! A Triton model repository on disk: each folder's `config.pbtxt`, labels and versions, checked.
//!
//! What is *broken* (a config that cannot be read, names that disagree, too few labels) is a
//! [`RepoError`] and stops the start: someone must mend it, and a wrong label is worse than none.
//! What is merely *not usable* (weights not fetched yet, no image classifier) leaves the other
//! models alone; see [`Unusable`].

mod bounded;
mod config_json;
mod config_pbtxt;
mod dims;
mod error;
mod fault;
mod folder;
mod labels;
mod metadata;
mod places;
mod platform;
mod print;
mod scheduling;
mod spec;
mod stamps;
mod text_format;
mod versions;
mod weights;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use conch_shared::kserve::metadata::ModelMetadata;
use conch_shared::label::LabelSet;
use conch_shared::model::ModelSpec;
use serde_json::Value;

pub use config_pbtxt::ModelConfig;
pub use error::{RepoError, Unusable};
pub use labels::labels_at;
pub use places::Places;
pub use print::print;
pub use scheduling::{Batching, QueuePolicy, Scheduling};
pub use spec::spec_of;
pub use stamps::{Stamps, look};

/// One model's folder.
#[derive(Debug)]
pub struct RepoModel {
    /// The folder's name, and the config's.
    pub name: String,
    /// What it takes and gives; absent where that is no image classifier.
    pub spec: Option<ModelSpec>,
    /// Class names; none where the config names no file of labels.
    pub labels: LabelSet,
    /// Its tensors, as the v2 protocol tells them; absent where it cannot run at all.
    pub metadata: Option<ModelMetadata>,
    /// Its config in JSON, as Triton prints it, with what Triton fills in; absent as above.
    pub config: Option<Value>,
    /// The text of its `config.pbtxt`; absent where there is none.
    pub config_text: Option<String>,
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
    let folders = folders(root).map_err(|reason| RepoError::Repository {
        path: root.to_owned(),
        reason,
    })?;
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

/// Reads one model's folder.
///
/// # Errors
/// Everything that is broken about it.
pub fn read_model(name: String, folder: &Path) -> Result<RepoModel, Vec<RepoError>> {
    folder::read(name, folder)
}

/// The models' folders, by name.
fn folders(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links count: a repository on a teacher's disk is often put together from them.
        if entry.path().is_dir() && !name.starts_with('.') {
            folders.push((name, entry.path()));
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests;
