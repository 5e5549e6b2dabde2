//! One run of live labels: from picture to tensor to label, again and again. The next frame is prepared
//! while the server answers; [`Pace`] says when it is sent.

use std::cell::RefCell;
use std::rc::Rc;

use conch_shared::model::ModelSpec;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Live, SHOWN};
use crate::camera::pace::{FrameId, Pace, is_old};
use crate::camera::rate::Rate;
use crate::camera::smoothing::Smoothing;
use crate::input::camera::frame::{self, Film};
use crate::patience::{self, Bell, PATIENCE};
use crate::protocol::Prepared;
use crate::services::api::{self, Answered, ApiError};
use crate::services::http::Canceller;
use crate::services::power::Power;
use crate::services::resource_timing::now_ms;
use crate::state::{Server, UserError};
use crate::text::camera as say;

/// Between two looks at what may have changed, milliseconds: is the server back, is there a picture?
const GLANCE_MS: f64 = 250.0;
/// After an error that may be the frame's own, milliseconds.
const AFTER_ERROR_MS: f64 = 1000.0;
/// Between two times that the speed is written, milliseconds: numbers that can be read.
const WRITTEN_MS: f64 = 500.0;

impl Live {
    pub(super) fn begin(self, number: u32) {
        let Some(video) = self.session.video.get_untracked() else {
            return;
        };
        let Some(film) = Film::of(video) else {
            return self.news.set(Some(say::NO_CANVAS.to_owned()));
        };
        let run = Rc::new(Run {
            live: self,
            number,
            film,
            seen: RefCell::default(),
            bell: Bell::default(),
        });
        spawn_local(async move {
            let power = Power::ask().await;
            while run.is_current() {
                let hints = power.hints();
                run.seen.borrow_mut().pace.hear(hints);
                let sent = run.send_next().await;
                if !run.is_current() {
                    return;
                }
                if self.saves.get_untracked() != hints.saves() {
                    self.saves.set(hints.saves());
                }
                if let Err(wait) = sent {
                    run.wait(wait).await;
                }
            }
        });
    }
}

struct Run {
    live: Live,
    number: u32,
    film: Film,
    seen: RefCell<Seen>,
    /// Rings at each answer.
    bell: Bell,
}

/// What one run has seen.
#[derive(Default)]
struct Seen {
    model: String,
    pace: Pace,
    smoothing: Smoothing,
    rate: Rate,
    written_ms: f64,
    refusals: usize,
    /// Why a frame has no label, until it is waited for.
    trouble: Option<Wait>,
}

/// A frame that can be asked about.
struct Ready {
    model: ModelSpec,
    prepared: Prepared,
    /// When the camera showed it.
    seen_ms: f64,
    ready_ms: f64,
}

impl Run {
    /// Prepares a frame in time, and sends it when it may be; its answer comes beside.
    async fn send_next(self: &Rc<Self>) -> Result<(), Wait> {
        let now = now_ms();
        let at = self.seen.borrow().pace.prepare_at(now);
        if at > now {
            patience::pause(at - now).await;
        }
        let ready = self.prepare(self.model()?).await?;
        loop {
            // Each wait may have been the run's last one.
            if !self.is_current() {
                return Ok(());
            }
            if let Some(wait) = self.seen.borrow_mut().trouble.take() {
                return Err(wait);
            }
            let now = now_ms();
            let at = self.seen.borrow().pace.send_at(now);
            match at {
                Some(at) if at > now => patience::pause(at - now).await,
                Some(_) => break,
                None => self.bell.wait().await,
            }
        }
        let canceller = Canceller::new().ok_or(Wait::Glance(None))?;
        let now = now_ms();
        if is_old(now - ready.ready_ms) {
            return Ok(());
        }
        let id = self.seen.borrow_mut().pace.sent(now);
        let controller = canceller.controller();
        self.live
            .requests
            .try_update_value(|all| all.push((id, canceller)));
        let run = Rc::clone(self);
        spawn_local(async move {
            let send = run.live.store.settings.with_untracked(|it| it.send);
            let tensor = &ready.prepared.tensor;
            // A frame is no photo with a receipt; what it sent is counted by the rate.
            let count = |_| {};
            let answered = api::classify(&ready.model, tensor, send, count, controller).await;
            if run.is_current() {
                run.hear(id, answered, &ready);
            }
            run.bell.ring();
        });
        Ok(())
    }

    /// The model to ask, while there is a server that has one.
    fn model(&self) -> Result<ModelSpec, Wait> {
        let store = self.live.store;
        let is_here = |server: &Server| matches!(server, Server::Here(_));
        if !store.server.with_untracked(is_here) {
            return Err(Wait::Glance(Some(say::AWAY)));
        }
        let model = store.catalogue.with_untracked(|c| c.spec().cloned());
        model.ok_or(Wait::Glance(Some(say::NO_MODEL)))
    }

    /// The next frame as a tensor.
    async fn prepare(&self, model: ModelSpec) -> Result<Ready, Wait> {
        self.film.next().await;
        let seen_ms = now_ms();
        let frame = self.film.frame(&model.recipe).ok_or(Wait::Glance(None))?;
        let prepared = self.live.desk.frame(frame.clone(), &model.recipe).await;
        frame::close(&frame);
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(_) if self.film.try_another_way() => return Err(Wait::Glance(None)),
            Err(error) => return Err(Wait::Failed(error)),
        };
        let ready_ms = now_ms();
        self.seen.borrow_mut().pace.prepared(ready_ms - seen_ms);
        Ok(Ready {
            model,
            prepared,
            seen_ms,
            ready_ms,
        })
    }

    /// A frame's answer.
    fn hear(&self, id: FrameId, answered: Result<Answered, ApiError>, ready: &Ready) {
        self.live
            .requests
            .try_update_value(|all| all.retain(|(it, _)| *it != id));
        let now = now_ms();
        let seen = &mut *self.seen.borrow_mut();
        let answered = match answered {
            Ok(answered) => answered,
            Err(error) => {
                seen.pace.failed(id, now);
                seen.trouble = Some(error.into());
                return;
            }
        };
        let counts = seen.pace.answered(id, now);
        seen.refusals = 0;
        if seen.model != ready.model.name {
            seen.model.clone_from(&ready.model.name);
            seen.smoothing = Smoothing::default();
            seen.rate = Rate::default();
        }
        let sent = answered.exchange;
        let bytes = sent.header_bytes + sent.tensor_bytes + sent.answer_bytes;
        seen.rate.add(now, now - ready.seen_ms, bytes);
        if counts {
            seen.smoothing.add(&answered.predictions, now);
            self.live.best.set(seen.smoothing.best(SHOWN));
        }
        if now - seen.written_ms >= WRITTEN_MS {
            seen.written_ms = now;
            self.live.speed.set(seen.rate.speed());
        }
        self.say(None);
    }

    async fn wait(&self, wait: Wait) {
        match wait {
            Wait::Glance(why) => {
                if why.is_some() {
                    self.say(why.map(str::to_owned));
                    self.live.speed.set(None);
                }
                patience::pause(GLANCE_MS).await;
            }
            // Whoever finds the server away says so; it is looked after from there.
            Wait::Away(server) => self.live.store.server.set(server),
            Wait::Busy => {
                self.say(Some(say::BUSY.to_owned()));
                let at = {
                    let refusals = &mut self.seen.borrow_mut().refusals;
                    *refusals += 1;
                    (*refusals - 1).min(PATIENCE.len() - 1)
                };
                patience::about(PATIENCE[at]).await;
            }
            Wait::Failed(UserError(why)) => {
                self.say(Some(why));
                patience::pause(AFTER_ERROR_MS).await;
            }
        }
    }

    fn say(&self, news: Option<String>) {
        let said = self.live.news;
        if said.try_get_untracked().is_some_and(|it| it != news) {
            said.set(news);
        }
    }

    fn is_current(&self) -> bool {
        self.live.is_current(self.number)
    }
}

/// Why a frame has no label, and what to wait for.
enum Wait {
    /// What is needed is not there for now; why, where it is worth saying.
    Glance(Option<&'static str>),
    /// The server, or its model.
    Away(Server),
    /// The server has more to do than it can.
    Busy,
    /// It did not work out.
    Failed(UserError),
}

impl From<ApiError> for Wait {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Cancelled => Self::Glance(None),
            ApiError::ServerAway => Self::Away(Server::Away),
            ApiError::ModelAway => Self::Away(Server::Unknown),
            ApiError::Busy(_) => Self::Busy,
            ApiError::Failed(error) => Self::Failed(error),
        }
    }
}
