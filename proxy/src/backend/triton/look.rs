//! One look at a replica: is it ready, and which models does it serve?

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use conch_shared::kserve::metadata::{IndexEntry, ModelMetadata, ServerMetadata};
use conch_shared::label::LabelSet;
use http::StatusCode;
use serde_json::Value;
use tokio::time::timeout;

use super::client::Client;
use super::definition::Definition;
use super::fault::Fault;
use super::labels;
use crate::backend::is_model_name;
use crate::model_repo;

/// Time for each question but the one that runs a model.
const PATIENCE: Duration = Duration::from_secs(2);

/// Time for the answer that names the classes: a model's first run may take a while.
const LABELS_PATIENCE: Duration = Duration::from_secs(10);

/// Most models of a server that are served.
pub(super) const MAX_MODELS: usize = 1000;

/// What a replica serves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offers {
    /// What it says of itself.
    pub(super) server: ServerMetadata,
    /// Its models by name.
    pub(super) models: BTreeMap<String, Offer>,
}

/// One model of a replica.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    /// Its versions, ready or not.
    pub(super) index: Vec<IndexEntry>,
    /// What it is; absent where no version is ready.
    pub(super) definition: Option<Result<Arc<Definition>, Unclear>>,
}

/// Why a model that is ready cannot be used all the same; it is asked about again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unclear {
    /// For the client.
    pub(super) reason: &'static str,
    /// For the log.
    pub(super) cause: String,
}

impl Offers {
    /// Whether nothing is left to be asked.
    fn are_clear(&self) -> bool {
        let unclear = |offer: &Offer| matches!(offer.definition, Some(Err(_)));
        !self.models.values().any(unclear)
    }

    fn index(&self) -> impl Iterator<Item = (&String, &Vec<IndexEntry>)> {
        self.models.iter().map(|(name, offer)| (name, &offer.index))
    }
}

/// Asks a replica. What it said `before` is not asked again while its index stays the same; `afresh`
/// asks for configs all the same, since Triton can take another one in place.
///
/// # Errors
/// When it is not ready, or is no Triton.
pub(super) async fn look(
    client: &Client,
    repository: Option<&Path>,
    before: Option<&Arc<Offers>>,
    afresh: bool,
) -> Result<Arc<Offers>, Fault> {
    let ready = patient(PATIENCE, client.get_answer(&["v2", "health", "ready"])).await?;
    if ready.status != StatusCode::OK {
        let status = ready.status;
        return Err(Fault::Nonsense(format!(
            "/v2/health/ready: expected status 200, found {status}"
        )));
    }
    let index = client.post(&["v2", "repository", "index"], "{}");
    let index = by_name(patient(PATIENCE, index).await?);
    if let Some(before) = before
        && !afresh
        && before.are_clear()
        && before.index().eq(&index)
    {
        return Ok(Arc::clone(before));
    }
    let server = patient(PATIENCE, client.get(&["v2"])).await?;
    let mut models = BTreeMap::new();
    for (name, index) in index {
        let known = before.and_then(|before| before.models.get(&name));
        let definition = match newest_ready(&index) {
            Some(version) => Some(define(client, repository, &name, version, known).await?),
            None => None,
        };
        models.insert(name, Offer { index, definition });
    }
    Ok(Arc::new(Offers { server, models }))
}

/// What a model is. That one model's answers make no sense does not concern the others; that the
/// connection fails does.
async fn define(
    client: &Client,
    repository: Option<&Path>,
    name: &str,
    version: &str,
    known: Option<&Offer>,
) -> Result<Result<Arc<Definition>, Unclear>, Fault> {
    let unclear = |reason: &'static str| {
        move |fault: Fault| match fault {
            Fault::Unreachable(_) | Fault::Broken(_) => Err(fault),
            _ => Ok(Unclear {
                reason,
                cause: fault.to_string(),
            }),
        }
    };
    let tensors = read_tensors(client, name, version).await;
    let (metadata, config) = match tensors.map_err(unclear("Triton's answers on it make no sense"))
    {
        Ok(tensors) => tensors,
        Err(unclear) => return unclear.map(Err),
    };
    let known = known.and_then(|offer| offer.definition.as_ref()?.as_ref().ok());
    if let Some(known) = known
        && (&known.metadata, &known.config) == (&metadata, &config)
    {
        return Ok(Ok(Arc::clone(known)));
    }
    let spec = model_repo::spec_of(&config, name).map_err(|unusable| unusable.to_string());
    let labels = match &spec {
        Err(_) => LabelSet::default(),
        Ok(spec) => {
            let labels = labels::read(repository, client, version, &config, spec);
            let labels = patient(LABELS_PATIENCE, labels).await;
            match labels.map_err(unclear("Triton does not name its classes")) {
                Ok(labels) => labels,
                Err(unclear) => return unclear.map(Err),
            }
        }
    };
    Ok(Ok(Arc::new(Definition {
        metadata,
        config,
        spec,
        labels,
    })))
}

/// A model's metadata and config, which must be of this model.
async fn read_tensors(
    client: &Client,
    name: &str,
    version: &str,
) -> Result<(ModelMetadata, Value), Fault> {
    let path = ["v2", "models", name, "versions", version];
    let metadata: ModelMetadata = patient(PATIENCE, client.get(&path)).await?;
    let path = ["v2", "models", name, "versions", version, "config"];
    let config: Value = patient(PATIENCE, client.get(&path)).await?;
    if metadata.name != name || config["name"] != name {
        return Err(Fault::Nonsense(format!(
            "asked for model {name}, found metadata of {:?} and config of {}",
            metadata.name, config["name"]
        )));
    }
    Ok((metadata, config))
}

async fn patient<T>(
    time: Duration,
    question: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let answer = timeout(time, question).await;
    answer.unwrap_or(Err(Fault::Late(time)))
}

/// An index by model; names that no folder can have are left out.
fn by_name(entries: Vec<IndexEntry>) -> BTreeMap<String, Vec<IndexEntry>> {
    let mut index: BTreeMap<String, Vec<IndexEntry>> = BTreeMap::new();
    for entry in entries {
        if is_model_name(&entry.name)
            && (index.len() < MAX_MODELS || index.contains_key(&entry.name))
        {
            index.entry(entry.name.clone()).or_default().push(entry);
        }
    }
    for entries in index.values_mut() {
        entries.sort_by_key(version);
    }
    index
}

/// An entry's version, where it has a number for one.
pub(super) fn version(entry: &IndexEntry) -> Option<u64> {
    entry.version.as_ref()?.parse().ok()
}

fn newest_ready(index: &[IndexEntry]) -> Option<&str> {
    let mut newest_first = index.iter().rev();
    let newest = newest_first.find(|entry| entry.is_ready() && version(entry).is_some());
    newest.and_then(|entry| entry.version.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, version: &str, state: &str) -> IndexEntry {
        IndexEntry {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            state: Some(state.to_owned()),
            reason: None,
        }
    }

    #[test]
    fn versions_are_sorted_as_numbers() {
        let index = by_name(vec![
            entry("m", "10", "READY"),
            entry("m", "9", "READY"),
            entry("m", "11", "UNAVAILABLE"),
            entry("m", "x", "READY"),
        ]);
        assert_eq!(newest_ready(&index["m"]), Some("10"));
    }

    #[test]
    fn names_that_lead_elsewhere_are_no_models() {
        for name in ["..", ".", "", "a/b", "a\\b", "a\nb"] {
            assert!(
                by_name(vec![entry(name, "1", "READY")]).is_empty(),
                "{name:?}"
            );
        }
        assert_eq!(by_name(vec![entry("a b%2f", "1", "READY")]).len(), 1);
    }
}
