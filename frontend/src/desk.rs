//! The desk: takes photos in and sees each of them through, from file to label.
//!
//! Panels call it, services work for it, and the store says where each photo stands. What is next
//! is decided in [`schedule`](crate::schedule).

mod files;

use conch_shared::model::{ModelSpec, Recipe};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use crate::input::{Content, ImageSource};
use crate::schedule::{Schedule, Step};
use crate::services::api::{self, ApiError};
use crate::services::worker::{PrepareError, Preparer};
use crate::state::{Outcome, Phase, Photo, PhotoId, Server, Store, UserError};
use crate::text;
use crate::timing::Times;
use files::{Files, Kept};

/// Largest file that is read, bytes.
const MAX_FILE: f64 = 256.0 * 1024.0 * 1024.0;
/// Broken connections after which a photo fails though the server is there.
const MAX_BREAKS: u32 = 3;

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
    /// Photos that have not been spoken of yet.
    unspoken: Vec<PhotoId>,
}

/// Why a step did not end in a result.
enum Stop {
    /// Nobody wants it any more; whoever cancelled it has seen to the rest.
    Cancelled,
    /// The server is not there.
    ServerAway,
    /// It did not work out.
    Failed(UserError),
}

impl Desk {
    /// Sets the desk up, in the current owner.
    pub(crate) fn new(store: Store) -> Self {
        let desk = Self {
            store,
            inner: StoredValue::new_local(Inner {
                schedule: Schedule::default(),
                files: Files::default(),
                preparer: Preparer::new(),
                unspoken: Vec::new(),
            }),
        };
        Effect::new(move || {
            store.server.track();
            desk.begin_what_can_begin();
        });
        let model = Memo::new(move |_| store.catalogue.with(|c| c.spec().cloned()));
        Effect::new(move |before: Option<Option<ModelSpec>>| {
            let model = model.get();
            match (before.flatten(), &model) {
                (Some(before), Some(now)) if before != *now => desk.ask_all_again(&now.recipe),
                _ => desk.begin_what_can_begin(),
            }
            model
        });
        desk
    }

    /// Takes photos in, at the end of the line.
    pub(crate) fn add(self, sources: Vec<ImageSource>) {
        for source in sources {
            let photo = self.with(|inner| inner.files.add(&source));
            let id = photo.id;
            self.store.photos.update(|photos| photos.push(photo));
            self.enqueue(id);
        }
        self.begin_what_can_begin();
    }

    /// Tries a photo once more.
    pub(crate) fn retry(self, id: PhotoId) {
        self.enqueue(id);
        self.begin_what_can_begin();
    }

    /// Takes a photo off the page.
    pub(crate) fn remove(self, id: PhotoId) {
        self.abandon(id);
        self.with(|inner| {
            inner.files.remove(id);
            inner.unspoken.retain(|photo| *photo != id);
        });
        self.store
            .photos
            .update(|photos| photos.retain(|photo| photo.id != id));
        self.begin_what_can_begin();
    }

    /// Takes all photos off the page.
    pub(crate) fn clear(self) {
        for photo in self.store.photos.get_untracked() {
            self.remove(photo.id);
        }
    }

    /// Stops whatever is under way. The photos stay and can be tried again.
    pub(crate) fn stop(self) {
        for id in self.with(|inner| inner.schedule.unsettled()) {
            self.abandon(id);
            self.settle(id, Phase::Failed(UserError(text::STOPPED.to_owned())));
        }
        self.begin_what_can_begin();
    }

    fn with<T>(self, act: impl FnOnce(&mut Inner) -> T) -> T {
        let mut act = Some(act);
        let done = self
            .inner
            .try_update_value(|inner| act.take().map(|act| act(inner)));
        done.flatten().expect("the desk lives as long as the page")
    }

    fn set_phase(self, id: PhotoId, phase: Phase) {
        if let Some(photo) = self.store.photo(id) {
            photo.phase.set(phase);
        }
    }

    fn settle(self, id: PhotoId, phase: Phase) {
        self.with(|inner| inner.schedule.drop_photo(id));
        self.set_phase(id, phase);
    }

    /// Puts a photo in line; where its tensor is there already, in the line for the server.
    fn enqueue(self, id: PhotoId) {
        self.abandon(id);
        let recipe = self
            .store
            .catalogue
            .with_untracked(|c| c.spec().map(|s| s.recipe.clone()));
        self.with(|inner| {
            let kept = inner.files.get(id);
            let is_prepared = kept
                .zip(recipe)
                .is_some_and(|(kept, r)| kept.has_pixels_for(&r));
            match is_prepared {
                true => inner.schedule.prepared(id),
                false => inner.schedule.add(id),
            }
            inner.unspoken.retain(|photo| *photo != id);
            inner.unspoken.push(id);
        });
        self.set_phase(id, Phase::Waiting);
    }

    /// Ends what is under way for a photo.
    fn abandon(self, id: PhotoId) {
        self.with(|inner| {
            if inner.schedule.preparing() == Some(id) {
                inner.preparer.cancel();
            }
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
                    .is_some_and(|k| k.is_being_made_for(recipe));
                inner.schedule.preparing() == Some(photo.id) && same
            });
            let failed = photo.phase.with_untracked(Phase::is_settled) && !is_prepared;
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

    fn begin_to_prepare(self, id: PhotoId, recipe: Recipe) {
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(id)?;
            kept.recipe = Some(recipe.clone());
            Some((kept.attempt(), kept.content.clone(), kept.listen()?))
        });
        let Some((attempt, content, canceller)) = begun else {
            return self.settle(id, Phase::Failed(UserError(text::WORKER_ABSENT.to_owned())));
        };
        self.set_phase(id, Phase::Preparing);
        let preparer = self.with(|inner| inner.preparer.clone());
        spawn_local(async move {
            let prepared = async {
                let file = match content {
                    Content::File(file) => file,
                    Content::Address(address) => api::sample(&address, canceller).await?,
                };
                check_size(&file)?;
                match preparer.prepare(file, recipe).await {
                    // The worker's files come from the server, too.
                    Err(PrepareError::NoWorker) if api::status().await.is_err() => {
                        Err(Stop::ServerAway)
                    }
                    prepared => Ok(prepared?),
                }
            };
            let prepared = prepared.await;
            if !self.is_current(id, attempt) {
                return;
            }
            match prepared {
                Ok(prepared) => {
                    self.with(|inner| {
                        inner.schedule.prepared(id);
                        if let Some(kept) = inner.files.get_mut(id) {
                            kept.prepared = Some(prepared);
                        }
                    });
                    self.set_phase(id, Phase::Waiting);
                }
                Err(Stop::ServerAway) => {
                    self.server_is_away(id, |schedule| schedule.hold(id));
                }
                Err(Stop::Failed(error)) => self.settle(id, Phase::Failed(error)),
                Err(Stop::Cancelled) => {}
            }
            self.begin_what_can_begin();
        });
    }

    fn begin_to_ask(self, id: PhotoId, model: ModelSpec) {
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(id)?;
            Some((kept.attempt(), kept.prepared.clone()?, kept.listen()?))
        });
        let Some((attempt, prepared, controller)) = begun else {
            return self.settle(id, Phase::Failed(UserError(text::WORKER_ABSENT.to_owned())));
        };
        self.set_phase(id, Phase::Asking);
        spawn_local(async move {
            let answered = api::classify(&model, prepared.tensor, controller).await;
            if !self.is_current(id, attempt) {
                return;
            }
            match answered.map_err(Stop::from) {
                Ok(answered) => {
                    let outcome = Outcome {
                        model: model.display.title,
                        predictions: answered.predictions,
                        times: Times {
                            decode: prepared.decode_ms,
                            resize: prepared.resize_ms,
                            answer: answered.took,
                            server: answered.server,
                        },
                        exact: prepared.exact,
                    };
                    self.settle(id, Phase::Done(outcome));
                }
                Err(Stop::ServerAway) => {
                    self.server_is_away(id, |schedule| schedule.ask_again(id));
                }
                Err(Stop::Failed(error)) => self.settle(id, Phase::Failed(error)),
                Err(Stop::Cancelled) => {}
            }
            self.begin_what_can_begin();
        });
    }

    /// A photo waits for the server, unless the connection broke too often already.
    fn server_is_away(self, id: PhotoId, back_in_line: impl FnOnce(&mut Schedule)) {
        let breaks = self.with(|inner| inner.files.get_mut(id).map_or(0, Kept::broke));
        if breaks > MAX_BREAKS {
            let error = UserError(text::CONNECTION_BREAKS.to_owned());
            return self.settle(id, Phase::Failed(error));
        }
        self.with(|inner| back_in_line(&mut inner.schedule));
        self.set_phase(id, Phase::Waiting);
        self.store.server.set(Server::Away);
    }

    fn is_current(self, id: PhotoId, attempt: u32) -> bool {
        self.with(|inner| {
            inner
                .files
                .get(id)
                .is_some_and(|kept| kept.attempt() == attempt)
        })
    }

    /// Once all photos are settled, says what came out, once.
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
        self.store.spoken.set(text::settled(&photos));
    }
}

fn check_size(file: &Blob) -> Result<(), Stop> {
    if file.size() > MAX_FILE {
        let error = UserError(text::FILE_TOO_LARGE.to_owned());
        return Err(Stop::Failed(error));
    }
    Ok(())
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Cancelled => Self::Cancelled,
            ApiError::ServerAway => Self::ServerAway,
            ApiError::Failed(error) => Self::Failed(error),
        }
    }
}

impl From<PrepareError> for Stop {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Cancelled => Self::Cancelled,
            PrepareError::NoWorker => Self::Failed(UserError(text::WORKER_ABSENT.to_owned())),
            PrepareError::Failed(error) => Self::Failed(error),
        }
    }
}
