//! The two steps of a photo: into a tensor, and from a tensor to labels.

use conch_shared::model::{ModelSpec, Recipe};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::Desk;
use super::files::Kept;
use crate::input::Content;
use crate::schedule::Schedule;
use crate::services::api::{self, ApiError};
use crate::services::worker::PrepareError;
use crate::state::{Outcome, Phase, PhotoId, Server, UserError};
use crate::text;
use crate::timing::Times;

/// Largest file that is read, bytes.
const MAX_FILE: f64 = 256.0 * 1024.0 * 1024.0;
/// Broken connections after which a photo fails though the server is there.
const MAX_BREAKS: u32 = 3;

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
    pub(super) fn begin_to_prepare(self, id: PhotoId, recipe: Recipe) {
        let begun = self.with(|inner| {
            let kept = inner.files.get_mut(id)?;
            kept.begin(recipe.clone());
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
                // The worker takes one photo at a time; one that is gone must not end another's.
                if !self.is_current(id, attempt) {
                    return Err(Stop::Cancelled);
                }
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

    pub(super) fn begin_to_ask(self, id: PhotoId, model: ModelSpec) {
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
