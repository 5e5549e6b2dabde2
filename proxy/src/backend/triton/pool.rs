//! The replicas together: what they serve, and which of them to ask.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::balance;
use super::catalogue::Catalogue;
use super::fault::Fault;
use super::look::{Offer, Offers};
use super::replica::Replica;
use super::retry::Budget;
use crate::metrics::Upstream;
use crate::random;

/// All replicas.
pub(super) struct Pool {
    pub(super) replicas: Vec<Replica>,
    /// Second tries.
    pub(super) budget: Mutex<Budget>,
    /// Time between two looks at a replica.
    pub(super) interval: Duration,
    /// A model repository that has the labels.
    pub(super) repository: Option<PathBuf>,
    /// For Prometheus.
    pub(super) measured: Upstream,
    seen: Mutex<Seen>,
}

/// What the watches saw.
#[derive(Default)]
struct Seen {
    /// Of each replica.
    replicas: Vec<Sight>,
    /// The same, put together.
    catalogue: Arc<Catalogue>,
}

/// What its watch saw of one replica.
#[derive(Default)]
struct Sight {
    /// What it serves; none where it is not ready.
    offers: Option<Arc<Offers>>,
    /// Whether anybody has looked yet.
    looked: bool,
    /// Whether it ever was ready.
    was_ready: bool,
}

impl Pool {
    pub(super) fn new(
        replicas: Vec<Replica>,
        interval: Duration,
        repository: Option<PathBuf>,
    ) -> Self {
        let catalogue = Catalogue::of(&Catalogue::default(), &vec![None; replicas.len()]);
        let seen = Seen {
            replicas: replicas.iter().map(|_| Sight::default()).collect(),
            catalogue: Arc::new(catalogue),
        };
        Self {
            replicas,
            budget: Mutex::default(),
            interval,
            repository,
            measured: Upstream::default(),
            seen: Mutex::new(seen),
        }
    }

    /// What is served now.
    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&lock(&self.seen).catalogue)
    }

    pub(super) fn budget(&self) -> MutexGuard<'_, Budget> {
        lock(&self.budget)
    }

    /// Of these replicas, the one to ask: one of those that are trusted, else one whose watch at
    /// least finds it well, since a request that fails may be the reason itself.
    pub(super) fn choose(&self, candidates: &[usize], but: Option<usize>) -> Option<usize> {
        let candidates = candidates.iter().copied().filter(|at| Some(*at) != but);
        let (trusted, others): (Vec<usize>, Vec<usize>) =
            candidates.partition(|at| self.replicas[*at].is_trusted());
        let eligible = if trusted.is_empty() { others } else { trusted };
        let load = |at: usize| self.replicas[eligible[at]].load();
        let chosen = balance::choose(eligible.len(), load, random::number())?;
        Some(eligible[chosen])
    }

    /// A watch looked at a replica.
    pub(super) fn note(&self, at: usize, look: Result<Arc<Offers>, Fault>) {
        let mut seen = lock(&self.seen);
        let sight = &mut seen.replicas[at];
        let before = sight.offers.take();
        self.tell_sight(at, sight, before.as_deref(), &look);
        sight.looked = true;
        sight.was_ready |= look.is_ok();
        sight.offers = look.ok();
        if before != sight.offers {
            let offers: Vec<_> = seen
                .replicas
                .iter()
                .map(|sight| sight.offers.clone())
                .collect();
            let catalogue = Catalogue::of(&seen.catalogue, &offers);
            self.tell_disagreement(&seen.catalogue, &catalogue);
            seen.catalogue = Arc::new(catalogue);
        }
    }

    /// Forgives a replica that is well, and says what changed, a line an event.
    fn tell_sight(
        &self,
        at: usize,
        sight: &Sight,
        before: Option<&Offers>,
        look: &Result<Arc<Offers>, Fault>,
    ) {
        let replica = &self.replicas[at];
        let (name, address) = (&replica.name, replica.client.address());
        match (before, look) {
            (None, Ok(offers)) => {
                replica.acquit();
                let version = offers.server.version.as_str();
                let models: Vec<&str> = offers.models.keys().map(String::as_str).collect();
                let models = models.join(", ");
                let state = if sight.was_ready { "back" } else { "ready" };
                tracing::info!(replica = name, address, version, models, "replica {state}");
            }
            (Some(_), Ok(_)) if replica.pardon() => {
                tracing::info!(replica = name, address, "replica taken back");
            }
            (Some(_), Err(cause)) => {
                tracing::warn!(replica = name, address, %cause, "replica out");
            }
            (None, Err(cause)) if !sight.looked => {
                tracing::warn!(replica = name, address, %cause, "replica not ready");
            }
            _ => {}
        }
        if let Ok(offers) = look {
            tell_unclear(name, before, offers);
        }
    }

    fn tell_disagreement(&self, before: &Catalogue, now: &Catalogue) {
        for (model, entry) in &now.models {
            let told = before
                .models
                .get(model)
                .map_or(&[][..], |entry| &entry.disagreeing);
            for at in entry.disagreeing.iter().filter(|at| !told.contains(at)) {
                let name = &self.replicas[*at].name;
                tracing::warn!(
                    replica = name,
                    model,
                    "its config, tensors or labels differ from the other replicas'; it is not asked for this model"
                );
            }
        }
    }
}

/// Says which models of a replica are not served, and why.
fn tell_unclear(replica: &str, before: Option<&Offers>, now: &Offers) {
    let cause = |offer: &Offer| match &offer.definition {
        Some(Err(unclear)) => Some(unclear.clone()),
        _ => None,
    };
    for (model, offer) in &now.models {
        let told = before.and_then(|before| cause(before.models.get(model)?));
        if let Some(unclear) = cause(offer).filter(|unclear| Some(unclear) != told.as_ref()) {
            let (reason, cause) = (unclear.reason, unclear.cause);
            tracing::warn!(replica, model, reason, cause, "model not served");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
