//! The ONNX file in a version's folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::fault::Fault;
use super::places::Places;
use super::{ModelConfig, Unusable, versions};

/// The file that Triton's onnxruntime backend opens where a config does not say.
pub(super) const DEFAULT_FILE: &str = "model.onnx";

/// The field that names the file.
const FIELD: &str = "default_model_filename";

/// The weights of a version of the model in `folder`.
pub(super) fn find(
    folder: &Path,
    model: &str,
    version: u64,
    config: &ModelConfig,
    places: &Places,
) -> Result<PathBuf, Unusable> {
    let name = match config.default_model_filename.as_str() {
        "" => DEFAULT_FILE,
        name => name,
    };
    if !stays_inside(name) {
        let reason = format!("{FIELD} \"{name}\" leads out of the model's folder");
        return Err(Fault::new(FIELD, reason).unusable(places));
    }
    let folder = folder.join(version.to_string());
    if !folder.is_dir() && versions::lists(config, version) {
        return Err(Unusable::MissingVersion {
            folder: format!("{model}/{version}"),
            line: places.line("version_policy.specific.versions"),
        });
    }
    let file = folder.join(name);
    if file.is_file() {
        return Ok(file);
    }
    let file = format!("{model}/{version}/{name}");
    let found = onnx_files(&folder);
    if found.is_empty() {
        return Err(Unusable::MissingFile { file });
    }
    Err(Unusable::FileDiffers {
        file,
        wanted: name.to_owned(),
        line: places.line(FIELD),
        found,
    })
}

/// The names of the ONNX files in a folder, in order.
fn onnx_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".onnx") && !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

/// Whether a file's name from a config stays inside the folder that it is joined to.
pub(super) fn stays_inside(name: &str) -> bool {
    Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}
