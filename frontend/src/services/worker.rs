//! The page's side of the worker: starts it, gives it one photo at a time, and starts it anew when
//! it died, hangs, or has grown large.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use conch_shared::model::Recipe;
use futures_channel::oneshot;
use leptos::prelude::{TimeoutHandle, document, set_timeout_with_handle};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Event, MessageEvent, Worker};

use crate::protocol::{FromWorker, JobId, Prepared, ToWorker};
use crate::state::UserError;
use crate::text;

/// Longest that a photo may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Longest that the worker's script and wasm may take to load.
const START_LIMIT: Duration = Duration::from_secs(20);
/// Memory that a worker may keep between photos, bytes: a 12-megapixel photo's share. Wasm never
/// gives memory back, so a worker that holds more is replaced.
const MEMORY_KEPT: f64 = 192.0 * 1024.0 * 1024.0;
/// Starts in a row that may fail before a photo does.
const STARTS: u32 = 2;

/// Why there is no tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrepareError {
    /// Nobody wants it any more.
    Cancelled,
    /// The worker cannot be started; the server may be away.
    NoWorker,
    /// It did not work out.
    Failed(UserError),
}

type Reply = Result<Prepared, PrepareError>;

/// The worker, as a function.
#[derive(Clone)]
pub(crate) struct Preparer(Rc<RefCell<Inner>>);

struct Inner {
    this: Weak<RefCell<Inner>>,
    worker: Option<Worker>,
    ready: bool,
    failed_starts: u32,
    start_timer: Option<TimeoutHandle>,
    last_job: JobId,
    job: Option<Job>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(Event)>,
}

struct Job {
    id: JobId,
    message: JsValue,
    reply: oneshot::Sender<Reply>,
    timer: Option<TimeoutHandle>,
}

impl Preparer {
    /// Starts a worker, so that it is ready when the first photo comes.
    pub(crate) fn new() -> Self {
        let inner = Rc::new_cyclic(|inner: &Weak<RefCell<Inner>>| {
            let (heard, died) = (inner.clone(), inner.clone());
            RefCell::new(Inner {
                this: inner.clone(),
                worker: None,
                ready: false,
                failed_starts: 0,
                start_timer: None,
                last_job: 0,
                job: None,
                on_message: Closure::new(move |event: MessageEvent| {
                    with(&heard, |inner| inner.hear(&event.data()));
                }),
                on_error: Closure::new(move |event: Event| {
                    // Said on the photo's card; not on the console as well.
                    event.prevent_default();
                    with(&died, Inner::died);
                }),
            })
        });
        inner.borrow_mut().start();
        Self(inner)
    }

    /// Makes a photo a tensor. One at a time: a second call cancels the first.
    pub(crate) async fn prepare(
        &self,
        file: Blob,
        recipe: Recipe,
    ) -> Result<Prepared, PrepareError> {
        let (reply, answer) = oneshot::channel();
        self.cancel();
        {
            let mut inner = self.0.borrow_mut();
            inner.last_job += 1;
            let id = inner.last_job;
            let this = inner.this.clone();
            let too_slow = move || with(&this, |inner| inner.too_slow(id));
            inner.job = Some(Job {
                id,
                message: ToWorker {
                    job: id,
                    file,
                    recipe,
                }
                .to_js(),
                reply,
                timer: set_timeout_with_handle(too_slow, TIME_LIMIT).ok(),
            });
            inner.failed_starts = 0;
            if inner.worker.is_none() {
                inner.start();
            } else if inner.ready {
                inner.send();
            }
        }
        match answer.await {
            Ok(reply) => reply,
            Err(oneshot::Canceled) => Err(PrepareError::Cancelled),
        }
    }

    /// Gives up the photo in the worker, if there is one.
    pub(crate) fn cancel(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.job.take().is_some() {
            inner.restart();
        }
    }
}

impl Inner {
    fn start(&mut self) {
        self.ready = false;
        self.worker = Worker::new(&worker_address()).ok();
        match &self.worker {
            Some(worker) => {
                worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
                worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
                let this = self.this.clone();
                let not_loaded = move || with(&this, Inner::died);
                self.start_timer = set_timeout_with_handle(not_loaded, START_LIMIT).ok();
            }
            None => self.reply(Err(PrepareError::NoWorker)),
        }
    }

    fn started(&mut self) {
        if let Some(timer) = self.start_timer.take() {
            timer.clear();
        }
    }

    fn stop(&mut self) {
        self.started();
        if let Some(worker) = self.worker.take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    fn restart(&mut self) {
        self.stop();
        self.start();
    }

    fn send(&self) {
        if let (Some(worker), Some(job)) = (&self.worker, &self.job) {
            // Fails only for what cannot be cloned; a file, a number and a string can.
            _ = worker.post_message(&job.message);
        }
    }

    fn hear(&mut self, message: &JsValue) {
        match FromWorker::from_js(message) {
            Some(FromWorker::Ready) => {
                self.started();
                self.ready = true;
                self.failed_starts = 0;
                self.send();
            }
            Some(FromWorker::Done {
                job,
                prepared,
                memory,
            }) if self.is_current(job) => {
                self.reply(Ok(prepared));
                if memory > MEMORY_KEPT {
                    self.restart();
                }
            }
            Some(FromWorker::Failed { job, error }) if self.is_current(job) => {
                self.fail(&error);
            }
            _ => {}
        }
    }

    fn died(&mut self) {
        self.stop();
        if self.ready {
            self.fail(text::WORKER_DIED);
            self.start();
            return;
        }
        self.failed_starts += 1;
        if self.failed_starts < STARTS {
            self.start();
        } else {
            // The next photo tries again.
            self.reply(Err(PrepareError::NoWorker));
        }
    }

    fn too_slow(&mut self, job: JobId) {
        if self.is_current(job) {
            self.fail(text::WORKER_SLOW);
            self.restart();
        }
    }

    fn is_current(&self, id: JobId) -> bool {
        self.job.as_ref().is_some_and(|job| job.id == id)
    }

    fn fail(&mut self, sentence: &str) {
        let error = UserError(sentence.to_owned());
        self.reply(Err(PrepareError::Failed(error)));
    }

    fn reply(&mut self, result: Reply) {
        if let Some(mut job) = self.job.take() {
            let reply = std::mem::replace(&mut job.reply, oneshot::channel().0);
            // Nobody listens any more when the photo was removed.
            _ = reply.send(result);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            timer.clear();
        }
    }
}

fn with(inner: &Weak<RefCell<Inner>>, act: impl FnOnce(&mut Inner)) {
    if let Some(inner) = inner.upgrade() {
        act(&mut inner.borrow_mut());
    }
}

/// The build gives the worker's script a name with a hash and writes it into the page.
fn worker_address() -> String {
    let named = document().query_selector("meta[name=conch-worker]");
    let named = named.ok().flatten();
    named
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_else(|| "worker.js".to_owned())
}
