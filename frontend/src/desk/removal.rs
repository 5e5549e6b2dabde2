//! Taking photos off the page, and bringing the last ones back.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Desk;
use super::files::Kept;
use crate::state::{Outcome, Phase, Photo, PhotoId, Removed};
use crate::text;

/// How long removed photos can still be brought back once others were added.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is kept of the photos that were removed last.
#[derive(Default)]
pub(super) struct Removal {
    /// How often photos were removed.
    count: u32,
    photos: Vec<Gone>,
}

/// A photo that is off the page.
struct Gone {
    /// Where it was among the others.
    place: usize,
    /// With signals that nobody reads, a picture that is no more, and an answer without its tensor.
    photo: Photo,
    kept: Kept,
}

impl Desk {
    /// Takes a photo off the page.
    pub(crate) fn remove(self, id: PhotoId) {
        self.take_off(|photo| photo.id == id);
    }

    /// Takes all photos off the page.
    pub(crate) fn clear(self) {
        self.with(|inner| inner.arriving.clear());
        self.take_off(|_| true);
    }

    /// Takes the photos off the page that are there already.
    pub(crate) fn remove_copies(self) {
        let copies = self.store.copies.get_untracked();
        self.take_off(|photo| copies.contains_key(&photo.id));
    }

    /// Brings the photos back that were removed last, to their old places and with their answers, which
    /// are asked for once more meanwhile.
    pub(crate) fn undo(self) {
        let gone = self.with(|inner| std::mem::take(&mut inner.removal.photos));
        if gone.is_empty() {
            return;
        }
        let mut photos = self.store.photos.get_untracked();
        let mut to_ask = Vec::new();
        let mut names = Vec::new();
        for Gone { place, photo, kept } in gone {
            let picture = self.with(|inner| inner.files.put_back(photo.id, kept));
            photo.picture.set(picture);
            // Also where it was answered: its tensor was let go, and others look at that.
            if !photo
                .phase
                .with_untracked(|phase| matches!(phase, Phase::Failed(_)))
            {
                to_ask.push(photo.id);
            }
            names.push(Arc::clone(&photo.name));
            // Another sample of this name may have come since.
            let is_taken = photos.iter().any(|other| other.key == photo.key);
            let key = match is_taken {
                true => photo.id.0.to_string().into(),
                false => Arc::clone(&photo.key),
            };
            photos.insert(place.min(photos.len()), Photo { key, ..photo });
        }
        self.store.photos.set(photos);
        self.store.removed.set(None);
        to_ask.into_iter().for_each(|id| self.enqueue(id));
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        self.store.spoken.set(text::intake::restored(&names));
        self.begin_what_can_begin();
    }

    /// Whether there is something to bring back; tracked.
    pub(crate) fn can_undo(self) -> bool {
        self.store.removed.with(Option::is_some)
    }

    /// Lets go of the photos that could be brought back.
    pub(crate) fn let_removed_go(self) {
        self.with(|inner| inner.removal.photos.clear());
        self.store.removed.set(None);
    }

    /// Lets go of them in a minute, if no others are removed before.
    pub(super) fn let_removed_go_soon(self) {
        let count = self.with(|inner| inner.removal.count);
        if self.store.removed.with_untracked(Option::is_some) {
            let act = move || {
                if self.with(|inner| inner.removal.count) == count {
                    self.let_removed_go();
                }
            };
            set_timeout(act, PATIENCE);
        }
    }

    fn take_off(self, goes: impl Fn(&Photo) -> bool) {
        let mut stay = Vec::new();
        let mut gone = Vec::new();
        for (place, photo) in self.store.photos.get_untracked().into_iter().enumerate() {
            if !goes(&photo) {
                stay.push(photo);
                continue;
            }
            self.abandon(photo.id);
            self.stop_moving(photo.id);
            let kept = self.with(|inner| {
                inner.unspoken.retain(|id| *id != photo.id);
                inner.files.take(photo.id)
            });
            if let Some(kept) = kept {
                let photo = without_what_is_large(&photo);
                gone.push(Gone { place, photo, kept });
            }
        }
        let Some(first) = gone.first().map(|gone| gone.photo.id) else {
            return;
        };
        let names: Vec<&str> = gone.iter().map(|gone| &*gone.photo.name).collect();
        let sentence = text::intake::removed(&names);
        self.with(|inner| {
            inner.removal.count += 1;
            inner.removal.photos = gone;
        });
        self.store.photos.set(stay);
        self.store.spoken.set(sentence.clone());
        self.store.removed.set(Some(Removed { sentence, first }));
        self.begin_what_can_begin();
    }
}

/// The photo with signals of its own, so that those that the page has seen can go, and an answer
/// without its tensor, which the worker can make again.
fn without_what_is_large(photo: &Photo) -> Photo {
    let lighter = |outcome: &Arc<Outcome>| {
        let mut outcome = Outcome::clone(outcome);
        outcome.prepared.tensor = Arc::default();
        Arc::new(outcome)
    };
    let answer = photo.answer.with_untracked(|a| a.as_ref().map(lighter));
    let phase = match (photo.phase.get_untracked(), &answer) {
        (Phase::Done(_), Some(answer)) => Phase::Done(Arc::clone(answer)),
        (phase, _) => phase,
    };
    Photo {
        id: photo.id,
        key: Arc::clone(&photo.key),
        name: Arc::clone(&photo.name),
        picture: ArcRwSignal::new(Arc::default()),
        phase: ArcRwSignal::new(phase),
        answer: ArcRwSignal::new(answer),
        facts: ArcRwSignal::new(photo.facts.get_untracked()),
        square: ArcRwSignal::new(photo.square.get_untracked()),
        explanations: ArcRwSignal::new(photo.explanations.get_untracked()),
        sent: ArcRwSignal::new(photo.sent.get_untracked()),
    }
}
