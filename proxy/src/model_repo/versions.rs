//! The numbered folders of a model, and the file in the newest.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{ModelConfig, RepoError, Unusable};

/// The file that Triton's onnxruntime backend opens where a config does not say.
const DEFAULT_FILE: &str = "model.onnx";

/// The versions in a model's folder, oldest first. As in Triton, a version is a folder whose name
/// is a number above 0 without a leading 0; other folders do not count.
pub(super) fn read(folder: &Path) -> Result<Vec<u64>, RepoError> {
    let unreadable = |reason| RepoError::File {
        path: folder.to_owned(),
        reason,
    };
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('0')) else {
            continue;
        };
        if let Ok(version) = name.parse()
            && entry.path().is_dir()
        {
            versions.push(version);
        }
    }
    versions.sort_unstable();
    Ok(versions)
}

/// The weights of the highest version, and that version.
pub(super) fn artifact(
    folder: &Path,
    model: &str,
    config: &ModelConfig,
    versions: &[u64],
) -> Result<(PathBuf, u64), Unusable> {
    let name = match config.default_model_filename.as_str() {
        "" => DEFAULT_FILE,
        name => name,
    };
    if !stays_inside(name) {
        return Err(Unusable::NotAClassifier {
            reason: format!("default_model_filename \"{name}\" leads out of the model's folder"),
        });
    }
    let version = versions.last().copied().unwrap_or(1);
    let file = folder.join(version.to_string()).join(name);
    if file.is_file() {
        Ok((file, version))
    } else {
        Err(Unusable::MissingFile {
            file: format!("{model}/{version}/{name}"),
        })
    }
}

/// Whether a file's name from a config stays inside the folder that it is joined to.
pub(super) fn stays_inside(name: &str) -> bool {
    Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}
