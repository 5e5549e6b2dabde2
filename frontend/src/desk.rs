//! The desk: takes photos in and sees each of them through, from file to label.
//!
//! Panels call it, services work for it, and the store says where each photo stands. What is next
//! is decided in [`schedule`](crate::schedule).

mod files;
mod keeping;
mod look;
mod reframe;
mod removal;
mod steps;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use conch_shared::model::{ModelSpec, Recipe};
use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

use crate::input::{Brought, ImageSource, folder};
use crate::schedule::{Schedule, Step};
use crate::services::keep::KeptPhoto;
use crate::services::worker::Preparer;
use crate::state::{Phase, Photo, PhotoId, Server, Store, UserError};
use crate::text;
use files::Files;
use removal::Removal;

/// Most photos that come onto the page in one go.
const PORTION: usize = 8;

/// A handle to the one desk of the page.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    store: Store,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    schedule: Schedule,
    files: Files,
    preparer: Preparer,
    /// Photos that came in, and are not on the page yet.
    arriving: VecDeque<KeptPhoto>,
    /// Photos that have not been spoken of yet.
    unspoken: Vec<PhotoId>,
    /// Copies that were spoken of.
    known_copies: HashSet<PhotoId>,
    /// What was removed last.
    removal: Removal,
    /// The photo whose square is being moved, and the timer until it rests.
    moving: Option<(PhotoId, TimeoutHandle)>,
}

impl Desk {
    /// Sets the desk up, in the current owner.
    pub(crate) fn new(store: Store) -> Self {
        let desk = Self {
            store,
            inner: StoredValue::new_local(Inner {
                schedule: Schedule::new(Preparer::most()),
                files: Files::default(),
                preparer: Preparer::new(),
                arriving: VecDeque::new(),
                unspoken: Vec::new(),
                known_copies: HashSet::new(),
                removal: Removal::default(),
                moving: None,
            }),
        };
        Effect::new(move || {
            store.server.track();
            desk.begin_what_can_begin();
        });
        let model = Memo::new(move |_| store.catalogue.with(|c| c.spec().cloned()));
        Effect::new(move |before: Option<Option<ModelSpec>>| {
            let (before, model) = (before.flatten(), model.get());
            match (&before, &model) {
                (Some(before), Some(now)) if before != now => desk.ask_all_again(&now.recipe),
                _ => desk.begin_what_can_begin(),
            }
            // Where there is none for a while, the next one is another than the last that was.
            model.or(before)
        });
        desk
    }

    /// Takes in what came at once, and says what of it was left out.
    pub(crate) fn take(self, brought: Brought) {
        let Brought {
            photos,
            left_out,
            is_folder,
            is_cut,
        } = brought;
        let most = is_cut.then_some(folder::MOST);
        let left_out = text::intake::left_out(photos.len(), left_out, most);
        self.add(photos);
        // After it: photos that come in end what was spoken before.
        if let Some(sentence) = left_out.filter(|_| is_folder) {
            self.store.tell(sentence, false);
        }
    }

    /// Takes photos in, at the end of the line.
    pub(crate) fn add(self, sources: Vec<ImageSource>) {
        self.restore(sources.into_iter().map(KeptPhoto::from).collect());
    }

    /// The same, with the squares that were chosen in them before.
    pub(crate) fn restore(self, photos: Vec<KeptPhoto>) {
        let is_first = self.with(|inner| {
            let is_first = inner.arriving.is_empty();
            inner.arriving.extend(photos);
            is_first
        });
        if is_first {
            self.add_some();
        }
    }

    /// Takes some in, and the others later: a card takes a millisecond or two to draw, and all of
    /// many at once would freeze the page.
    fn add_some(self) {
        let (new, are_more): (Vec<Photo>, bool) = self.with(|inner| {
            let count = inner.arriving.len().min(PORTION);
            let arriving = inner.arriving.drain(..count);
            let take_in = |KeptPhoto { source, square }| {
                let photo = inner.files.add(&source);
                photo.square.set(square);
                photo
            };
            let new = arriving.map(take_in).collect();
            (new, !inner.arriving.is_empty())
        });
        if are_more {
            set_timeout(move || self.add_some(), Duration::ZERO);
        }
        let ids: Vec<PhotoId> = new.iter().map(|photo| photo.id).collect();
        self.store.photos.update(|photos| photos.extend(new));
        ids.into_iter().for_each(|id| self.enqueue(id));
        self.let_removed_go_soon();
        self.begin_what_can_begin();
    }

    /// Tries a photo once more.
    pub(crate) fn retry(self, id: PhotoId) {
        self.enqueue(id);
        self.begin_what_can_begin();
    }

    /// Stops whatever is under way. The photos stay and can be tried again.
    pub(crate) fn stop(self) {
        for id in self.with(|inner| inner.schedule.unsettled()) {
            self.abandon(id);
            self.settle(id, Phase::Failed(UserError(text::STOPPED.to_owned())));
        }
        self.begin_what_can_begin();
    }

    fn square(self, id: PhotoId) -> Option<Square> {
        let photo = self.store.photo(id)?;
        photo.square.get_untracked()
    }

    fn with<T>(self, act: impl FnOnce(&mut Inner) -> T) -> T {
        let mut act = Some(act);
        let done = self
            .inner
            .try_update_value(|inner| act.take().map(|act| act(inner)));
        done.flatten().expect("the desk lives as long as the page")
    }

    fn set_phase(self, id: PhotoId, phase: Phase) {
        let Some(photo) = self.store.photo(id) else {
            return;
        };
        match &phase {
            Phase::Done(outcome) => photo.answer.set(Some(Arc::clone(outcome))),
            Phase::Failed(_) => photo.answer.set(None),
            Phase::Waiting | Phase::Preparing | Phase::Asking => {}
        }
        photo.phase.set(phase);
    }

    fn settle(self, id: PhotoId, phase: Phase) {
        self.with(|inner| inner.schedule.drop_photo(id));
        self.set_phase(id, phase);
    }

    /// Puts a photo in line; where its tensor is there already, in the line for the server.
    fn enqueue(self, id: PhotoId) {
        self.abandon(id);
        let square = self.square(id);
        let recipe = self
            .store
            .catalogue
            .with_untracked(|c| c.spec().map(|s| s.recipe.clone()));
        self.with(|inner| {
            let kept = inner.files.get(id).zip(recipe);
            let is_prepared = kept.is_some_and(|(k, r)| k.pixels_for(&r, square).is_some());
            match is_prepared {
                true => inner.schedule.prepared(id),
                false => inner.schedule.add(id),
            }
        });
        self.set_phase(id, Phase::Waiting);
        if !self.is_moving(id) {
            self.speak_later(id);
        }
    }

    /// What comes out for a photo is to be spoken.
    fn speak_later(self, id: PhotoId) {
        let is_first = self.with(|inner| {
            let is_first = inner.unspoken.is_empty();
            inner.unspoken.retain(|photo| *photo != id);
            inner.unspoken.push(id);
            is_first
        });
        // A live region speaks when its text changes: the same outcome twice is news, too. Once for
        // all that come together, so that what is said of them meanwhile stays.
        if is_first {
            self.store.spoken.set(String::new());
        }
    }

    /// Ends what is under way for a photo.
    fn abandon(self, id: PhotoId) {
        self.with(|inner| {
            inner.schedule.drop_photo(id);
            if let Some(kept) = inner.files.get_mut(id) {
                kept.new_attempt();
            }
        });
    }

    /// The model changed: every photo is asked about again, but for those that are no photos.
    fn ask_all_again(self, recipe: &Recipe) {
        for photo in self.store.photos.get_untracked() {
            let is_prepared = self.with(|inner| {
                inner
                    .files
                    .get(photo.id)
                    .is_some_and(|k| k.prepared.is_some())
            });
            let is_in_worker = self.with(|inner| {
                let same = inner
                    .files
                    .get(photo.id)
                    .is_some_and(|k| k.is_being_made_for(recipe, self.square(photo.id)));
                inner.schedule.is_preparing(photo.id) && same
            });
            let failed = photo
                .phase
                .with_untracked(|p| matches!(p, Phase::Failed(_)));
            let failed = failed && !is_prepared;
            if !is_in_worker && !failed {
                self.enqueue(photo.id);
            }
        }
        self.begin_what_can_begin();
    }

    fn begin_what_can_begin(self) {
        let model = self.store.catalogue.with_untracked(|c| c.spec().cloned());
        let here = self
            .store
            .server
            .with_untracked(|s| matches!(s, Server::Here(_)));
        let here = here && model.is_some();
        let steps = self.with(|inner| inner.schedule.next(model.is_some(), here));
        let Some(model) = model else { return };
        for step in steps {
            match step {
                Step::Prepare(id) => self.begin_to_prepare(id, model.recipe.clone()),
                Step::Ask(id) => self.begin_to_ask(id, model.clone()),
            }
        }
        self.speak_when_settled();
    }

    /// Once all photos are settled, says what came out, once, and that there are copies among them.
    fn speak_when_settled(self) {
        let settled = self.with(|inner| match inner.schedule.unsettled().is_empty() {
            true => std::mem::take(&mut inner.unspoken),
            false => Vec::new(),
        });
        if settled.is_empty() {
            return;
        }
        let photos = settled.into_iter().filter_map(|id| self.store.photo(id));
        let photos: Vec<(String, Phase)> = photos
            .map(|Photo { name, phase, .. }| (name.to_string(), phase.get_untracked()))
            .collect();
        let mut sentence = text::settled(&photos);
        if let Some(copies) = self.new_copies() {
            sentence = format!("{sentence} {}", text::intake::copies(copies));
        }
        self.store.spoken.set(sentence);
    }

    /// How many photos are here more than once, where any of them was not spoken of yet.
    fn new_copies(self) -> Option<usize> {
        let copies = self.store.copies.get_untracked();
        let count = copies.len();
        let known = self.with(|inner| {
            let before = inner.known_copies.len();
            inner.known_copies.extend(copies.into_keys());
            inner.known_copies.len() == before
        });
        (!known).then_some(count)
    }
}
