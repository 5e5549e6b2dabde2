//! One model's folder, from its config to the weights of each version.

use std::path::Path;
use std::sync::Arc;

use conch_shared::label::LabelSet;

use super::spec::{self, Fitted, Misfit};
use super::{
    Artifact, ModelConfig, Places, RepoError, RepoModel, Scheduling, Unusable, config_json,
    config_pbtxt, labels, metadata, platform, versions, weights,
};

/// Reads one model, or says everything that is broken about it.
pub(super) fn read(name: String, folder: &Path) -> Result<RepoModel, Vec<RepoError>> {
    let there = versions::read(folder).map_err(|error| vec![error])?;
    let file = folder.join("config.pbtxt");
    if !file.exists() {
        let served = versions::served(&ModelConfig::default(), &there);
        return Ok(RepoModel::unusable(name, None, &served, Unusable::NoConfig));
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
    // Whoever mends a broken config wants to know of the rest, too.
    let besides = |reason| RepoError::Unusable {
        repository: folder.parent().unwrap_or(folder).to_owned(),
        reason,
    };
    let (scheduling, fitted) = match fit(&config, &name, &places) {
        Ok(fitted) => fitted,
        Err(Misfit::NoClassifier(fault)) if broken.is_empty() => {
            let reason = fault.unusable(&places);
            return Ok(RepoModel::unusable(name, Some(read.text), &served, reason));
        }
        Err(misfit) => {
            broken.push(match misfit {
                Misfit::Broken(fault) => fault.broken(&file, &places),
                Misfit::NoClassifier(fault) => besides(fault.unusable(&places)),
            });
            return Err(broken);
        }
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
        let missing = versions
            .into_iter()
            .filter_map(|(_, weights)| weights.err());
        broken.extend(missing.map(besides));
        return Err(broken);
    }
    let unusable = match (versions.is_empty(), there.is_empty()) {
        (false, _) => None,
        (true, true) => artifact(1).err(),
        (true, false) => Some(versions::none_served().unusable(&places)),
    };
    let runs = versions.iter().filter(|(_, weights)| weights.is_ok());
    let runs = runs.map(|(version, _)| version.to_string()).collect();
    let metadata = metadata::of(&config, &name, runs);
    let json = config_json::as_triton(read.json, &config, &name);
    Ok(RepoModel {
        name,
        spec: Some(fitted.spec),
        labels,
        metadata: Some(metadata),
        config: Some(json),
        config_text: Some(read.text),
        scheduling,
        versions,
        unusable,
    })
}

/// Whether the embedded engine can run it, how, and what it takes and gives.
fn fit(config: &ModelConfig, name: &str, places: &Places) -> Result<(Scheduling, Fitted), Misfit> {
    platform::check(config)?;
    let scheduling = Scheduling::of(config, places)?;
    Ok((scheduling, spec::fit(config, name)?))
}

impl RepoModel {
    fn unusable(name: String, text: Option<String>, versions: &[u64], reason: Unusable) -> Self {
        Self {
            name,
            spec: None,
            labels: LabelSet::default(),
            metadata: None,
            config: None,
            config_text: text,
            scheduling: Scheduling::default(),
            versions: versions.iter().map(|v| (*v, Err(reason.clone()))).collect(),
            unusable: Some(reason),
        }
    }
}
