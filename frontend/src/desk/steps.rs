//! The two steps of a photo: into a tensor, and from a tensor to labels.

use std::sync::Arc;

use conch_shared::model::{ModelSpec, Recipe};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{AbortController, Blob};

use super::Desk;
use super::files::Kept;
use crate::input::Content;
use crate::patience::{self, MAX_BREAKS, PATIENCE};
use crate::protocol::{Made, Prepared, Source, Want};
use crate::schedule::Schedule;
use crate::services::api::{self, ApiError};
use crate::services::link::{self, LinkError};
use crate::services::worker::{PrepareError, Task};
use crate::state::{Facts, Phase, Photo, PhotoId, Server, UserError};
use crate::text;

/// Largest file that is read, bytes.
const MAX_FILE: f64 = 256.0 * 1024.0 * 1024.0;

/// Why a step did not end in a result.
pub(super) enum Stop {
    /// Nobody wants it any more; whoever cancelled it has seen to the rest.
    Cancelled,
    /// The server is not there, or not known to be: its model was not.
    Away(Server),
    /// It did not work out.
    Failed(UserError),
}

impl Desk {
    pub(super) fn begin_to_prepare(self, id: PhotoId, recipe: Recipe) {
        let Some(photo) = self.store.photo(id) else {
            return;
        };
        let square = photo.square.get_untracked();
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(id)?;
            kept.begin(recipe.clone(), square);
            Some((kept.attempt(), kept.content.clone(), kept.listen()?))
        });
        let Some((attempt, content, canceller)) = begun else {
            return self.settle(id, Phase::Failed(UserError(text::WORKER_ABSENT.to_owned())));
        };
        self.set_phase(id, Phase::Preparing);
        // A host that does not answer must not hold up the photos that are here.
        if matches!(content, Content::Link(_)) {
            self.with(|inner| inner.schedule.fetch(id));
        }
        spawn_local(async move {
            let show = |picture: Option<Arc<str>>| {
                if let Some(picture) = picture {
                    photo.picture.set(picture);
                }
            };
            let prepared = async {
                let file = fetch(content, canceller).await?;
                // Only now: a photo that is gone must not take another's place in the worker.
                if !self.is_current(id, attempt) {
                    return Err(Stop::Cancelled);
                }
                show(self.with(|inner| inner.files.get_mut(id)?.arrived(&file)));
                let (ticket, made) = self.with(|inner| inner.preparer.clone()).begin(Task {
                    source: Source::File { file, photo: id.0 },
                    recipe: recipe.clone(),
                    square,
                    want: Want::Tensor,
                });
                self.with(|inner| {
                    if let Some(kept) = inner.files.get_mut(id) {
                        kept.ticket = Some(ticket);
                    }
                });
                tensor(made.await).await
            };
            let prepared = prepared.await;
            if !self.is_current(id, attempt) {
                return;
            }
            match prepared {
                Ok(prepared) => {
                    photo.facts.set(Some(Facts::of(&prepared)));
                    let is_large = prepared.is_large();
                    show(self.with(|inner| {
                        inner.schedule.prepared(id);
                        let kept = inner.files.get_mut(id)?;
                        kept.prepared = Some(prepared);
                        kept.ticket = None;
                        if is_large { None } else { kept.opened(None) }
                    }));
                    self.set_phase(id, Phase::Waiting);
                    if is_large {
                        self.begin_preview(photo, recipe);
                    }
                }
                Err(Stop::Away(server)) => {
                    self.wait_for(server, id, |schedule| schedule.hold(id));
                }
                Err(Stop::Failed(error)) => {
                    // The browser may know what the worker does not.
                    show(self.with(|inner| inner.files.get_mut(id)?.opened(None)));
                    self.settle(id, Phase::Failed(error));
                    self.ask_again_where_changed(id);
                }
                Err(Stop::Cancelled) => {}
            }
            self.begin_what_can_begin();
        });
    }

    /// A small picture of a large photo, once its tensor is on its way: nobody waits for an answer on
    /// account of it.
    fn begin_preview(self, photo: Photo, recipe: Recipe) {
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(photo.id)?;
            let file = kept.without_preview()?.clone();
            let (ticket, made) = inner.preparer.begin(Task {
                source: Source::File {
                    file,
                    photo: photo.id.0,
                },
                recipe,
                square: None,
                want: Want::Preview,
            });
            kept.previewing = Some(ticket);
            Some(made)
        });
        let Some(made) = begun else { return };
        spawn_local(async move {
            let preview = match made.await {
                Ok(Made::Preview(preview)) => preview,
                // Gone meanwhile.
                Err(PrepareError::Cancelled) => return,
                // The browser shows the photo itself.
                _ => None,
            };
            let picture = self.with(|inner| inner.files.get_mut(photo.id)?.opened(preview));
            if let Some(picture) = picture {
                photo.picture.set(picture);
            }
        });
    }

    pub(super) fn begin_to_ask(self, id: PhotoId, model: ModelSpec) {
        let Some(photo) = self.store.photo(id) else {
            return;
        };
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(id)?;
            let square = kept.square();
            Some((
                kept.attempt(),
                kept.prepared.clone()?,
                square,
                kept.listen()?,
            ))
        });
        let Some((attempt, prepared, square, controller)) = begun else {
            return self.settle(id, Phase::Failed(UserError(text::WORKER_ABSENT.to_owned())));
        };
        self.set_phase(id, Phase::Asking);
        spawn_local(async move {
            let send = self.store.settings.with_untracked(|s| s.send);
            let count = |bytes| photo.count_sent(bytes);
            let ask = || api::classify(&model, &prepared.tensor, send, count, controller.clone());
            let mut answered = ask().await;
            for wait in PATIENCE {
                if !matches!(answered, Err(ApiError::Busy(_))) {
                    break;
                }
                patience::about(wait).await;
                if !self.is_current(id, attempt) {
                    return;
                }
                answered = ask().await;
            }
            if !self.is_current(id, attempt) {
                return;
            }
            match answered.map_err(Stop::from) {
                Ok(answered) => {
                    let outcome = answered.outcome(model, prepared, square);
                    self.settle(id, Phase::Done(Arc::new(outcome)));
                    self.ask_again_where_changed(id);
                }
                Err(Stop::Away(server)) => {
                    self.wait_for(server, id, |schedule| schedule.ask_again(id));
                }
                Err(Stop::Failed(error)) => {
                    self.settle(id, Phase::Failed(error));
                    self.ask_again_where_changed(id);
                }
                Err(Stop::Cancelled) => {}
            }
            self.begin_what_can_begin();
        });
    }

    /// A photo waits for the server, unless the connection broke too often already.
    fn wait_for(self, server: Server, id: PhotoId, back_in_line: impl FnOnce(&mut Schedule)) {
        let breaks = self.with(|inner| inner.files.get_mut(id).map_or(0, Kept::broke));
        if breaks > MAX_BREAKS {
            let error = UserError(text::CONNECTION_BREAKS.to_owned());
            return self.settle(id, Phase::Failed(error));
        }
        self.with(|inner| back_in_line(&mut inner.schedule));
        self.set_phase(id, Phase::Waiting);
        self.store.server.set(server);
    }

    fn is_current(self, id: PhotoId, attempt: u32) -> bool {
        self.with(|inner| {
            inner
                .files
                .get(id)
                .is_some_and(|kept| kept.attempt() == attempt)
        })
    }
}

/// A photo's file; a sample comes from the server, a link's picture from wherever it leads.
pub(super) async fn fetch(content: Content, canceller: AbortController) -> Result<Blob, Stop> {
    let file = match content {
        Content::File(file) => file,
        Content::Address(address) => api::sample(&address, canceller).await?,
        Content::Link(address) => link::picture(&address, MAX_FILE, canceller).await?,
    };
    check_size(&file)?;
    Ok(file)
}

/// The tensor that the worker made.
async fn tensor(made: Result<Made, PrepareError>) -> Result<Prepared, Stop> {
    match made {
        // The worker's files come from the server, too.
        Err(PrepareError::NoWorker) if api::status().await.is_err() => {
            Err(Stop::Away(Server::Away))
        }
        Ok(Made::Tensor(prepared)) => Ok(prepared),
        Ok(Made::Resized(_) | Made::Preview(_)) => Err(Stop::Cancelled),
        Err(error) => Err(error.into()),
    }
}

fn check_size(file: &Blob) -> Result<(), Stop> {
    if file.size() > MAX_FILE {
        let error = UserError(text::FILE_TOO_LARGE.to_owned());
        return Err(Stop::Failed(error));
    }
    Ok(())
}

impl Stop {
    /// For a panel that shows why it has nothing to show.
    pub(super) fn sentence(self) -> UserError {
        match self {
            Self::Failed(error) => error,
            Self::Away(_) => UserError(text::AWAY.to_owned()),
            Self::Cancelled => UserError(text::STOPPED.to_owned()),
        }
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Cancelled => Self::Cancelled,
            ApiError::ServerAway => Self::Away(Server::Away),
            ApiError::ModelAway => Self::Away(Server::Unknown),
            ApiError::Busy(error) | ApiError::Failed(error) => Self::Failed(error),
        }
    }
}

impl From<LinkError> for Stop {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Cancelled => Self::Cancelled,
            LinkError::Failed(error) => Self::Failed(error),
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
