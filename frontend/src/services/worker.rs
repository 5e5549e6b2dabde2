//! The page's side of the worker: starts it, gives it one photo after the other, and starts it anew
//! when it died, hangs, or has grown large.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;
use futures_channel::oneshot;
use js_sys::Array;
use leptos::prelude::{TimeoutHandle, document, set_timeout, set_timeout_with_handle};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker};

use crate::protocol::{FromWorker, JobId, Made, Source, ToWorker, Want};
use crate::state::UserError;
use crate::text;

/// Longest that a photo may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Longest that the worker's script and wasm may take to load.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long a photo that nobody wants any more may go on. Most end within it; for the others the
/// worker is started anew, which costs about as much.
const GRACE: Duration = Duration::from_millis(250);
/// Memory that a worker may keep between photos, bytes: the pixels of a photo of 16 megapixels and
/// what it takes to decode it. Wasm never gives memory back, so a worker that holds more is replaced.
const MEMORY_KEPT: f64 = 128.0 * 1024.0 * 1024.0;
/// Starts in a row that may fail before a photo does.
const STARTS: u32 = 2;

/// Why nothing was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrepareError {
    /// Nobody wants it any more.
    Cancelled,
    /// The worker cannot be started; the server may be away.
    NoWorker,
    /// It did not work out.
    Failed(UserError),
}

/// What the worker is to do.
pub(crate) struct Task {
    pub(crate) source: Source,
    pub(crate) recipe: Recipe,
    pub(crate) square: Option<Square>,
    pub(crate) want: Want,
}

type Reply = Result<Made, PrepareError>;

/// The worker, as a function.
#[derive(Clone)]
pub(crate) struct Preparer(Rc<RefCell<Inner>>);

/// A task in the worker or in line for it; dropped, it is given up.
pub(crate) struct Ticket {
    job: JobId,
    inner: Weak<RefCell<Inner>>,
}

struct Inner {
    this: Weak<RefCell<Inner>>,
    worker: Option<Worker>,
    ready: bool,
    failed_starts: u32,
    start_timer: Option<TimeoutHandle>,
    last_job: JobId,
    /// The tasks in their order; the first one is the worker's.
    line: VecDeque<Job>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(Event)>,
}

struct Job {
    id: JobId,
    message: JsValue,
    /// What in it is transferred.
    transfer: Array,
    reply: oneshot::Sender<Reply>,
    /// From when the worker has it.
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
                line: VecDeque::new(),
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

    /// Puts a task in line. Its result comes to the future, unless the ticket is dropped before.
    pub(crate) fn begin(&self, task: Task) -> (Ticket, impl Future<Output = Reply> + use<>) {
        let (reply, answer) = oneshot::channel();
        let mut inner = self.0.borrow_mut();
        inner.last_job += 1;
        let job = inner.last_job;
        let message = ToWorker {
            job,
            source: task.source,
            recipe: task.recipe,
            square: task.square,
            want: task.want,
        };
        let (message, transfer) = message.to_js();
        inner.line.push_back(Job {
            id: job,
            message,
            transfer,
            reply,
            timer: None,
        });
        inner.failed_starts = 0;
        match inner.worker.is_none() {
            true => inner.start(),
            false => inner.send(),
        }
        let ticket = Ticket {
            job,
            inner: inner.this.clone(),
        };
        let answer = async { answer.await.unwrap_or(Err(PrepareError::Cancelled)) };
        (ticket, answer)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        with(&self.inner, |inner| inner.give_up(self.job));
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
            None => self.no_worker(),
        }
    }

    fn no_worker(&mut self) {
        while !self.line.is_empty() {
            self.reply(Err(PrepareError::NoWorker));
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
        // The first in line was not sent to the new one.
        if let Some(job) = self.line.front_mut() {
            job.stop_timer();
            job.timer = None;
        }
        self.start();
    }

    /// Gives the worker the first in line, unless it has it already.
    fn send(&mut self) {
        let Some(worker) = self.worker.as_ref().filter(|_| self.ready) else {
            return;
        };
        let Some(job) = self.line.front_mut().filter(|job| job.timer.is_none()) else {
            return;
        };
        let (this, id) = (self.this.clone(), job.id);
        let too_slow = move || with(&this, |inner| inner.too_slow(id));
        job.timer = set_timeout_with_handle(too_slow, TIME_LIMIT).ok();
        // Fails only for what cannot be cloned; a file, pixels, numbers and strings can.
        _ = worker.post_message_with_transfer(&job.message, &job.transfer);
    }

    /// A task that nobody wants any more leaves the line. One that is in the worker may end; if it
    /// does not soon, the worker is started anew.
    fn give_up(&mut self, job: JobId) {
        if !self.is_current(job) {
            return self.line.retain(|waiting| waiting.id != job);
        }
        if self.line.front().is_some_and(|first| first.timer.is_none()) {
            self.line.pop_front();
            return self.send();
        }
        let this = self.this.clone();
        let still_there = move || {
            with(&this, |inner| {
                if inner.is_current(job) {
                    inner.line.pop_front();
                    inner.restart();
                }
            });
        };
        set_timeout(still_there, GRACE);
    }

    fn hear(&mut self, message: &JsValue) {
        match FromWorker::from_js(message) {
            Some(FromWorker::Ready) => {
                self.started();
                self.ready = true;
                self.failed_starts = 0;
                self.send();
            }
            Some(FromWorker::Done { job, made, memory }) if self.is_current(job) => {
                self.reply(Ok(made));
                match memory > MEMORY_KEPT {
                    true => self.restart(),
                    false => self.send(),
                }
            }
            Some(FromWorker::Failed { job, error }) if self.is_current(job) => {
                self.fail(&error);
                self.send();
            }
            _ => {}
        }
    }

    fn died(&mut self) {
        self.stop();
        if self.ready {
            self.fail(text::WORKER_DIED);
            return self.restart();
        }
        self.failed_starts += 1;
        if self.failed_starts < STARTS {
            self.start();
        } else {
            // The next task tries again.
            self.no_worker();
        }
    }

    fn too_slow(&mut self, job: JobId) {
        if self.is_current(job) {
            self.fail(text::WORKER_SLOW);
            self.restart();
        }
    }

    fn is_current(&self, id: JobId) -> bool {
        self.line.front().is_some_and(|job| job.id == id)
    }

    fn fail(&mut self, sentence: &str) {
        let error = UserError(sentence.to_owned());
        self.reply(Err(PrepareError::Failed(error)));
    }

    /// Answers the first in line.
    fn reply(&mut self, result: Reply) {
        if let Some(job) = self.line.pop_front() {
            job.stop_timer();
            // Nobody listens any more when the photo was removed.
            _ = job.reply.send(result);
        }
    }
}

impl Job {
    fn stop_timer(&self) {
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
