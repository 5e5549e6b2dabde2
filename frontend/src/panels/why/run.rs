//! Makes a map: covers, asks, keeps what came back, and measures meanwhile.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use conch_shared::kserve::statistics::ModelStatistics;
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::AbortController;

use crate::explanation::Explanation;
use crate::occlusion::batching::difference;
use crate::occlusion::{self, Pass, Request};
use crate::patience::{self, PATIENCE};
use crate::services::api::{self, ApiError, Scores};
use crate::services::http::Canceller;
use crate::services::v2;
use crate::state::{Outcome, Photo, Server, Store, UserError};
use crate::text::why as text;

/// Most photos in one request: enough to see what batching buys, and little enough to see it go on.
const MOST: usize = 16;

/// Photos that are covered before the page may draw again.
const AT_ONCE: usize = 4;

/// What the panel is doing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Run {
    /// Nothing: a map is there, in full, or nobody asked for it.
    Still,
    /// A pass is being made; `waits` while the server is busy.
    Going { pass: Pass, waits: bool },
    /// A pass ended before it was whole.
    Stopped { pass: Pass, why: UserError },
}

/// Makes the maps of one photo, one at a time; dropped with the panel, it stops.
#[derive(Clone, Copy)]
pub(super) struct Runner {
    store: Store,
    photo: StoredValue<Photo>,
    pub(super) run: RwSignal<Run>,
    canceller: StoredValue<Option<Canceller>, LocalStorage>,
}

/// How many photos of this answer's model go in one request.
pub(super) fn most(outcome: &Outcome) -> usize {
    outcome.model.max_photos().min(MOST)
}

/// The requests that a pass still needs.
pub(super) fn requests(explanation: &Explanation, pass: Pass, most: usize) -> Vec<Request> {
    let alone = match pass {
        Pass::Coarse => occlusion::alone(most).saturating_sub(explanation.batching.alone.photos),
        Pass::Fine => 0,
    };
    occlusion::requests(&explanation.heat.missing(pass), alone, most)
}

impl Runner {
    /// Stops by itself when another answer is on its way.
    pub(super) fn new(store: Store, photo: &Photo) -> Self {
        let runner = Self {
            store,
            photo: StoredValue::new(photo.clone()),
            run: RwSignal::new(Run::Still),
            canceller: StoredValue::new_local(None),
        };
        let phase = photo.phase.clone();
        Effect::new(move || {
            if !matches!(phase.get(), crate::state::Phase::Done(_)) {
                runner.cancel();
                runner.run.set(Run::Still);
            }
        });
        runner
    }

    /// Gives up what is under way; what was made stays.
    pub(super) fn cancel(self) {
        self.canceller.set_value(None);
        if let Run::Going { pass, .. } = self.run.get_untracked() {
            let why = UserError(text::STOPPED.to_owned());
            self.run.set(Run::Stopped { pass, why });
        }
    }

    /// Makes what is missing of a pass.
    pub(super) fn start(self, outcome: &Arc<Outcome>, pass: Pass) {
        let Some(canceller) = Canceller::new() else {
            return;
        };
        let photo = self.photo.get_value();
        let there = photo.explanations.with_untracked(|all| {
            let mut all = all.iter();
            all.find(|one| one.is_of(outcome)).cloned()
        });
        let Some(explanation) = there.or_else(|| Explanation::new(outcome).map(Arc::new)) else {
            return;
        };
        let requests = requests(&explanation, pass, most(outcome));
        let work = Work {
            runner: self,
            photo,
            outcome: Arc::clone(outcome),
            pass,
            controller: canceller.controller(),
            line: Rc::new(RefCell::new(requests.into())),
        };
        work.keep(&explanation);
        self.canceller.set_value(Some(canceller));
        self.run.set(Run::Going { pass, waits: false });
        spawn_local(work.go());
    }

    /// Forgets a map, to make it anew.
    pub(super) fn forget(self, outcome: &Outcome) {
        let photo = self.photo.get_value();
        photo
            .explanations
            .update(|all| all.retain(|one| !one.is_of(outcome)));
    }
}

/// One pass under way. Cloning shares it.
#[derive(Clone)]
struct Work {
    runner: Runner,
    /// The photo itself: what the runner keeps goes with the panel.
    photo: Photo,
    outcome: Arc<Outcome>,
    pass: Pass,
    controller: AbortController,
    /// The requests that are still to be sent.
    line: Rc<RefCell<VecDeque<Request>>>,
}

impl Work {
    async fn go(self) {
        let before = self.snapshot().await;
        // One may have left meanwhile.
        if self.is_cancelled() {
            return;
        }
        // The coarse pass measures: one request at a time, so that nothing but the batch differs.
        let lanes = match self.pass {
            Pass::Coarse => 1,
            Pass::Fine => 2,
        };
        let ends: Vec<_> = (0..lanes)
            .map(|_| {
                let (end, ended) = oneshot::channel();
                let work = self.clone();
                spawn_local(async move {
                    _ = end.send(work.lane().await);
                });
                ended
            })
            .collect();
        let mut result = Ok(());
        for ended in ends {
            let end = ended.await.unwrap_or(Err(ApiError::Cancelled));
            result = result.and(end);
        }
        let after = match &result {
            Ok(()) | Err(ApiError::Failed(_)) => self.snapshot().await,
            Err(_) => None,
        };
        if self.is_cancelled() {
            return;
        }
        if let Some((before, after)) = before.zip(after)
            && let Some(counted) = difference(&before, &after, &self.outcome.version)
        {
            self.change(|explanation| explanation.batching.count(counted));
        }
        self.end(result);
    }

    /// Sends one request after the other until there is none left, or one fails for good.
    async fn lane(self) -> Result<(), ApiError> {
        loop {
            let next = self.line.borrow_mut().pop_front();
            let Some(request) = next else { return Ok(()) };
            let scores = self.ask(&request).await;
            let scores = scores.inspect_err(|_| self.line.borrow_mut().clear())?;
            self.change(|explanation| {
                for (place, score) in request.places.iter().zip(&scores.scores) {
                    explanation.heat.set(*place, *score);
                }
                if self.pass == Pass::Coarse {
                    let batching = &mut explanation.batching;
                    let way = match request.alone {
                        true => &mut batching.alone,
                        false => &mut batching.batched,
                    };
                    way.add(scores.scores.len(), scores.took);
                }
            });
        }
    }

    /// Asks, and asks again for as long as the server is busy.
    async fn ask(&self, request: &Request) -> Result<Scores, ApiError> {
        let Outcome {
            model,
            predictions,
            prepared,
            ..
        } = &*self.outcome;
        let class = predictions.first().map_or(0, |best| best.index);
        let mut waits = PATIENCE.into_iter();
        loop {
            let mut pixels = Vec::with_capacity(request.places.len() * prepared.tensor.len());
            for places in request.places.chunks(AT_ONCE) {
                pixels.extend(occlusion::covered(&prepared.tensor, &model.recipe, places));
                if request.places.len() > AT_ONCE {
                    patience::pause(0.0).await;
                }
            }
            if self.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
            let photos = request.places.len();
            let count = |bytes| self.photo.count_sent(bytes);
            let controller = self.controller.clone();
            let asked = api::score(model, class, pixels, photos, count, controller).await;
            if self.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
            let is_busy = matches!(asked, Err(ApiError::Busy(_)));
            let pass = self.pass;
            self.runner.run.set(Run::Going {
                pass,
                waits: is_busy,
            });
            if !is_busy {
                return asked;
            }
            patience::about(waits.next().unwrap_or(PATIENCE[PATIENCE.len() - 1])).await;
            if self.is_cancelled() {
                return Err(ApiError::Cancelled);
            }
        }
    }

    /// Nobody wants it any more: what belongs to the panel may be gone.
    fn is_cancelled(&self) -> bool {
        self.controller.signal().aborted()
    }

    async fn snapshot(&self) -> Option<Vec<ModelStatistics>> {
        v2::statistics(&self.outcome.model.name).await.ok()
    }

    fn end(&self, result: Result<(), ApiError>) {
        let (store, pass) = (self.runner.store, self.pass);
        let why = match result {
            Ok(()) => {
                store.spoken.set(self.sentence());
                return self.runner.run.set(Run::Still);
            }
            Err(ApiError::ServerAway) => {
                store.server.set(Server::Away);
                UserError(text::AWAY.to_owned())
            }
            Err(ApiError::ModelAway) => {
                // The list is read anew.
                store.server.set(Server::Unknown);
                UserError(text::model_away(&self.outcome.model.display.title))
            }
            Err(ApiError::Busy(error) | ApiError::Failed(error)) => error,
            Err(ApiError::Cancelled) => UserError(text::STOPPED.to_owned()),
        };
        self.runner.run.set(Run::Stopped { pass, why });
    }

    fn sentence(&self) -> String {
        self.explanation()
            .and_then(|explanation| text::finding(&explanation))
            .unwrap_or_default()
    }

    fn explanation(&self) -> Option<Arc<Explanation>> {
        self.photo.explanations.with_untracked(|all| {
            let mut all = all.iter();
            all.find(|one| one.is_of(&self.outcome)).cloned()
        })
    }

    fn change(&self, change: impl FnOnce(&mut Explanation)) {
        if let Some(explanation) = self.explanation() {
            let mut explanation = Explanation::clone(&explanation);
            change(&mut explanation);
            self.keep(&Arc::new(explanation));
        }
    }

    fn keep(&self, explanation: &Arc<Explanation>) {
        self.photo.explanations.update(|all| {
            all.retain(|one| !one.is_of(&self.outcome));
            all.push(Arc::clone(explanation));
        });
    }
}
