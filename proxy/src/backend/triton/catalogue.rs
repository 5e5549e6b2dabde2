//! What all replicas together serve: which models, which versions, and who may be asked for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use conch_shared::api::{ModelInfo, ModelState};
use conch_shared::kserve::metadata::{IndexEntry, ServerMetadata};
use conch_shared::label::LabelSet;

use super::definition::Definition;
use super::fault::{NO_REPLICA, unreachable};
use super::look::{MAX_MODELS, Offer, Offers, version};
use super::outputs::Outputs;
use crate::backend::{BackendError, Model, max_batch_size};

/// All models.
#[derive(Clone, Default)]
pub(super) struct Catalogue {
    /// By name.
    pub(super) models: BTreeMap<String, Entry>,
    /// What a replica said of itself; absent until one has answered.
    pub(super) server: Option<ServerMetadata>,
    /// Whether each replica is ready.
    pub(super) ready: Vec<bool>,
}

/// One model.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) model: Arc<Model>,
    /// What its answers must look like.
    pub(super) outputs: Outputs,
    /// What it is, where some replica could say.
    definition: Option<Arc<Definition>>,
    /// The replicas that may be asked for each version that is ready.
    serving: BTreeMap<u64, Vec<usize>>,
    /// Replicas that have another model of this name, and are not asked for it.
    pub(super) disagreeing: Vec<usize>,
}

impl Catalogue {
    /// Puts together what each replica offers; none where it is not ready. What was there `before`
    /// stays listed while a replica is away that may have it.
    pub(super) fn of(before: &Self, offers: &[Option<Arc<Offers>>]) -> Self {
        let present: Vec<(usize, &Offers)> = offers
            .iter()
            .enumerate()
            .filter_map(|(at, offers)| Some((at, offers.as_deref()?)))
            .collect();
        let mut names: BTreeSet<&String> = present
            .iter()
            .flat_map(|(_, offers)| offers.models.keys())
            .collect();
        if present.len() < offers.len() {
            // A replica that is away may still have them. Whoever tells other names at each look
            // does not fill the memory.
            let places = MAX_MODELS.saturating_sub(names.len());
            names.extend(before.models.keys().take(places));
        }
        let entry = |name: &String| {
            let offers = present.iter();
            let offers = offers.filter_map(|(at, offers)| Some((*at, offers.models.get(name)?)));
            let entry = Entry::of(name, before.models.get(name), &offers.collect::<Vec<_>>());
            (name.clone(), entry)
        };
        let server = present.first().map(|(_, offers)| offers.server.clone());
        Self {
            models: names.into_iter().map(entry).collect(),
            server: server.or_else(|| before.server.clone()),
            ready: offers.iter().map(Option::is_some).collect(),
        }
    }

    /// One model.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(super) fn get(&self, name: &str) -> Result<&Entry, BackendError> {
        let entry = self.models.get(name);
        entry.ok_or_else(|| match self.server {
            // Nobody knows what there is: it may well be there once a Triton answers.
            None => unreachable(name.to_owned()),
            Some(_) => BackendError::UnknownModel {
                model: name.to_owned(),
                known: self.models.keys().cloned().collect(),
            },
        })
    }
}

impl Entry {
    fn of(name: &str, before: Option<&Self>, offers: &[(usize, &Offer)]) -> Self {
        let had = before.and_then(|before| before.definition.as_ref());
        let chosen = choose(had, offers);
        let (mut serving, mut disagreeing) = (BTreeMap::<u64, Vec<usize>>::new(), Vec::new());
        for (replica, offer) in offers {
            let Some(Ok(definition)) = &offer.definition else {
                continue;
            };
            if chosen.is_some_and(|chosen| definition.agrees_with(chosen)) {
                let ready = offer.index.iter().filter(|entry| entry.is_ready());
                for version in ready.filter_map(version) {
                    serving.entry(version).or_default().push(*replica);
                }
            } else {
                disagreeing.push(*replica);
            }
        }
        let definition = chosen.or(had).cloned();
        let model = model(name, definition.as_deref(), &serving, offers, before);
        let outputs = definition.as_ref().map(|definition| {
            Outputs::of(&definition.metadata, max_batch_size(&definition.config) > 0)
        });
        Self {
            model: Arc::new(model),
            outputs: outputs.unwrap_or_default(),
            definition,
            serving,
            disagreeing,
        }
    }

    /// Whether it is the model that somebody was told of: what was said of another, its recipe and
    /// its labels, is not to be used with this one.
    pub(super) fn is(&self, told: &Model) -> bool {
        let describes = |definition: &Arc<Definition>| definition.describes(told);
        std::ptr::eq(&*self.model, told) || self.definition.as_ref().is_some_and(describes)
    }

    /// The version that a request means, and the replicas that have it.
    ///
    /// # Errors
    /// When there is no such version, or it is not ready.
    pub(super) fn serving(&self, asked: Option<u64>) -> Result<(u64, &[usize]), BackendError> {
        let newest = self.serving.keys().next_back();
        let found = asked.as_ref().or(newest);
        match found.and_then(|version| self.serving.get_key_value(version)) {
            Some((version, replicas)) => Ok((*version, replicas)),
            None => Err(self.not_served(asked)),
        }
    }

    fn not_served(&self, asked: Option<u64>) -> BackendError {
        let info = &self.model.info;
        let unavailable = |reason: &str| BackendError::Unavailable {
            model: info.name.clone(),
            reason: reason.to_owned(),
        };
        if let (true, ModelState::Unavailable { reason }) = (self.serving.is_empty(), &info.state) {
            return unavailable(reason);
        }
        let mut index = self.model.index.iter();
        match (asked, index.find(|entry| version(entry) == asked)) {
            (Some(version), None) => BackendError::UnknownVersion {
                model: info.name.clone(),
                version,
                known: info.versions.clone(),
            },
            (_, entry) => unavailable(entry.map_or(NO_REPLICA, why_not)),
        }
    }
}

/// The definition that counts where replicas disagree: the one that most have; of equals, the one
/// that counted before; else the first replica's.
fn choose<'a>(
    had: Option<&Arc<Definition>>,
    offers: &[(usize, &'a Offer)],
) -> Option<&'a Arc<Definition>> {
    let definitions = || {
        let offers = offers.iter();
        offers.filter_map(|(_, offer)| offer.definition.as_ref()?.as_ref().ok())
    };
    let votes = |definition: &Arc<Definition>| {
        let agreeing = definitions().filter(|other| other.agrees_with(definition));
        let stays = had.is_some_and(|had| had.agrees_with(definition));
        (agreeing.count(), stays)
    };
    // max_by_key takes the last of equals.
    definitions()
        .rev()
        .max_by_key(|definition| votes(definition))
}

/// What the API says of a model.
fn model(
    name: &str,
    definition: Option<&Definition>,
    serving: &BTreeMap<u64, Vec<usize>>,
    offers: &[(usize, &Offer)],
    before: Option<&Entry>,
) -> Model {
    let index = index(name, serving, offers, before);
    let spec = definition.and_then(|definition| definition.spec.as_ref().ok());
    let state = match definition.map(|definition| &definition.spec) {
        _ if serving.is_empty() => ModelState::Unavailable {
            reason: reason(offers),
        },
        Some(Err(reason)) => ModelState::Unavailable {
            reason: reason.clone(),
        },
        _ => ModelState::Ready,
    };
    let metadata = definition.map(|definition| {
        let mut metadata = definition.metadata.clone();
        metadata.versions = serving.keys().map(u64::to_string).collect();
        metadata
    });
    Model {
        info: ModelInfo {
            name: name.to_owned(),
            state,
            versions: index
                .iter()
                .filter_map(|entry| entry.version.clone())
                .collect(),
            spec: spec.cloned(),
        },
        labels: definition.map_or_else(LabelSet::default, |definition| definition.labels.clone()),
        metadata,
        config: definition.map(|definition| definition.config.clone()),
        config_text: None,
        index,
    }
}

/// Each version once, oldest first: ready where a replica may be asked for it.
fn index(
    name: &str,
    serving: &BTreeMap<u64, Vec<usize>>,
    offers: &[(usize, &Offer)],
    before: Option<&Entry>,
) -> Vec<IndexEntry> {
    let away: Vec<IndexEntry> = match (offers, before) {
        ([], Some(before)) => before.model.index.clone(),
        _ => Vec::new(),
    };
    let told = offers
        .iter()
        .flat_map(|(_, offer)| &offer.index)
        .chain(&away);
    let mut index: BTreeMap<Option<u64>, IndexEntry> = BTreeMap::new();
    for entry in told {
        let version = version(entry);
        let serves = version.is_some_and(|version| serving.contains_key(&version));
        let listed = index.entry(version).or_insert_with(|| IndexEntry {
            name: name.to_owned(),
            ..entry.clone()
        });
        match (serves, entry.is_ready()) {
            (true, _) => {
                listed.state = Some(IndexEntry::READY.to_owned());
                listed.reason = None;
            }
            // Ready in Triton, and yet nobody may be asked.
            (false, true) => {
                listed.state = Some(IndexEntry::UNAVAILABLE.to_owned());
                listed.reason = Some(reason(offers));
            }
            (false, false) => {}
        }
    }
    index.into_values().collect()
}

/// Why a model does not answer.
fn reason(offers: &[(usize, &Offer)]) -> String {
    let unclear = |(_, offer): &(usize, &Offer)| match &offer.definition {
        Some(Err(unclear)) => Some(unclear.reason),
        _ => None,
    };
    let mut index = offers.iter().flat_map(|(_, offer)| &offer.index).rev();
    let reason = offers.iter().find_map(unclear);
    let reason = reason.or_else(|| index.find(|entry| !entry.is_ready()).map(why_not));
    reason.unwrap_or(NO_REPLICA).to_owned()
}

/// Why a version is not ready, in Triton's words.
fn why_not(entry: &IndexEntry) -> &str {
    match (entry.reason.as_deref(), entry.state.as_deref()) {
        (Some(reason), _) if !reason.is_empty() => reason,
        (_, Some("LOADING")) => "Triton is loading it",
        (_, None) => "Triton has not loaded it",
        _ => "Triton does not serve it at the moment",
    }
}

#[cfg(test)]
mod tests;
