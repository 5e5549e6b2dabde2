//! The models that are served, and those that were until a moment ago.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::slot::Slot;
use crate::backend::{BackendError, Model};

/// By name; a change on disk puts another in a model's place.
pub(super) struct Serving(RwLock<Slots>);

struct Slots {
    current: BTreeMap<String, Arc<Slot>>,
    /// Those that were replaced or removed, until nobody holds what they said of themselves: a
    /// request that has begun by it ends by it.
    retired: Vec<Arc<Slot>>,
}

impl Serving {
    pub(super) fn new(models: BTreeMap<String, Arc<Slot>>) -> Self {
        Self(RwLock::new(Slots {
            current: models,
            retired: Vec::new(),
        }))
    }

    /// Every model's slot, by name.
    pub(super) fn slots(&self) -> Vec<Arc<Slot>> {
        self.read().current.values().map(Arc::clone).collect()
    }

    /// The slot that has the name now.
    pub(super) fn slot(&self, name: &str) -> Result<Arc<Slot>, BackendError> {
        let slots = self.read();
        let slot = slots.current.get(name).map(Arc::clone);
        slot.ok_or_else(|| slots.unknown(name))
    }

    /// What the API says of every model. Under the lock: whoever holds a model keeps its slot.
    pub(super) fn models(&self) -> Vec<Arc<Model>> {
        let slots = self.read();
        slots.current.values().map(|slot| slot.model()).collect()
    }

    /// What the API says of one.
    pub(super) fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        let slots = self.read();
        let slot = slots.current.get(name);
        slot.map(|slot| slot.model())
            .ok_or_else(|| slots.unknown(name))
    }

    /// The slot that said this of itself, also when another has its place now.
    pub(super) fn slot_of(&self, model: &Model) -> Result<Arc<Slot>, BackendError> {
        let slots = self.read();
        let name = &model.info.name;
        let current = slots.current.get(name);
        let mut all = current.into_iter().chain(&slots.retired);
        if let Some(slot) = all.find(|slot| slot.told_of(model)) {
            return Ok(Arc::clone(slot));
        }
        match current {
            Some(slot) if slot.is_like(model) => Ok(Arc::clone(slot)),
            Some(_) => Err(BackendError::Unavailable {
                model: name.clone(),
                reason: "it was replaced a moment ago; ask again".to_owned(),
            }),
            None => Err(slots.unknown(name)),
        }
    }

    /// Puts a slot in the place of the one of that name; none removes the model.
    pub(super) fn put(&self, name: &str, slot: Option<Slot>) {
        let mut slots = self.write();
        let old = match slot {
            Some(slot) => slots.current.insert(name.to_owned(), Arc::new(slot)),
            None => slots.current.remove(name),
        };
        slots.retired.extend(old);
    }

    /// Ends those that were replaced and that nobody asks any more.
    pub(super) fn tidy(&self) {
        let mut slots = self.write();
        let is_free = |slot: &Arc<Slot>| Arc::strong_count(slot) == 1 && !slot.is_wanted();
        let (free, wanted) = slots.retired.drain(..).partition::<Vec<_>, _>(is_free);
        slots.retired = wanted;
        drop(slots);
        // Ending their threads takes a moment, which nobody shall wait for.
        drop(free);
    }

    fn read(&self) -> RwLockReadGuard<'_, Slots> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Slots> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn unknown(&self, name: &str) -> BackendError {
        BackendError::UnknownModel {
            model: name.to_owned(),
            known: self.current.keys().cloned().collect(),
        }
    }
}
