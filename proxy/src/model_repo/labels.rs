//! The files of class names.

use std::path::Path;

use conch_shared::label::LabelSet;

use super::bounded;
use super::fault::Fault;
use super::places::Places;
use super::weights::stays_inside;
use super::{ModelConfig, RepoError};

/// Longest file of labels that is read, bytes. A thousand names take about twenty thousand.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The class names of a model whose config came from elsewhere, through a repository at hand.
///
/// None where the repository has no such file, or not a name for each of the `classes`: it may be
/// another repository than the one that the model comes from.
pub fn labels_at(
    repository: &Path,
    model: &str,
    label_filename: &str,
    classes: usize,
) -> Option<LabelSet> {
    let inside = |name: &str| !name.is_empty() && stays_inside(name);
    if !inside(model) || !inside(label_filename) {
        return None;
    }
    let file = repository.join(model).join(label_filename);
    let bytes = bounded::read(&file, MAX_BYTES).ok()?.ok()?;
    let labels = LabelSet::parse(&String::from_utf8_lossy(&bytes));
    (labels.len() >= classes).then_some(labels)
}

/// The class names of a model's output; none where the config names no file.
pub(super) fn read(
    folder: &Path,
    config_file: &Path,
    config: &ModelConfig,
    places: &Places,
    classes: usize,
) -> Result<LabelSet, RepoError> {
    let name = config.output.first().map(|o| o.label_filename.as_str());
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(LabelSet::default());
    };
    let broken =
        |reason| Fault::new("output[0].label_filename", reason).broken(config_file, places);
    if !stays_inside(name) {
        let reason = format!("label_filename \"{name}\" leads out of the model's folder");
        return Err(broken(reason));
    }
    let file = folder.join(name);
    let bytes = bounded::read(&file, MAX_BYTES).map_err(|reason| {
        broken(format!(
            "label_filename \"{name}\": {} cannot be read: {reason}",
            file.display()
        ))
    })?;
    let bytes = bytes.map_err(|long| broken(format!("label_filename \"{name}\": {long}")))?;
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
