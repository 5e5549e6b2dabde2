//! One worker, and what it has in hand.

use std::cell::RefCell;
use std::rc::Weak;

use leptos::prelude::{TimeoutHandle, document};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, MessageEvent, Worker};

use super::{Crew, Job, Reply, with};
use crate::protocol::JobId;

/// Number of a worker; never used twice in the life of a page.
pub(super) type HandId = u32;

/// A worker. Dropped, it ends.
pub(super) struct Hand {
    pub(super) id: HandId,
    worker: Option<Worker>,
    /// Whether it listens.
    pub(super) is_ready: bool,
    pub(super) failed_starts: u32,
    /// Until it is ready, or until its task may take no longer.
    pub(super) timer: Option<TimeoutHandle>,
    job: Option<Job>,
    /// The photo that it worked on last.
    pub(super) photo: Option<u32>,
    on_message: Closure<dyn Fn(MessageEvent)>,
    on_error: Closure<dyn Fn(Event)>,
}

impl Hand {
    /// One that is not started yet.
    pub(super) fn new(id: HandId, crew: &Weak<RefCell<Crew>>) -> Self {
        let (heard, died) = (crew.clone(), crew.clone());
        Self {
            id,
            worker: None,
            is_ready: false,
            failed_starts: 0,
            timer: None,
            job: None,
            photo: None,
            on_message: Closure::new(move |event: MessageEvent| {
                with(&heard, |crew| crew.hear(id, &event.data()));
            }),
            on_error: Closure::new(move |event: Event| {
                // Said on the photo's card; not on the console as well.
                event.prevent_default();
                with(&died, |crew| crew.died(id));
            }),
        }
    }

    /// Starts it, or another in its place. Gives whether there is one.
    pub(super) fn start(&mut self) -> bool {
        self.stop();
        self.is_ready = false;
        self.photo = None;
        self.worker = Worker::new(&worker_address()).ok();
        if let Some(worker) = &self.worker {
            worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
            worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
        }
        self.worker.is_some()
    }

    /// It listens from now on.
    pub(super) fn ready(&mut self) {
        self.clear_timer();
        self.is_ready = true;
        self.failed_starts = 0;
    }

    pub(super) fn stop(&mut self) {
        self.clear_timer();
        if let Some(worker) = self.worker.take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    /// Whether it waits for a task.
    pub(super) fn is_free(&self) -> bool {
        self.is_ready && self.job.is_none()
    }

    /// Whether it has this task.
    pub(super) fn has(&self, id: JobId) -> bool {
        self.job.as_ref().is_some_and(|job| job.id == id)
    }

    /// Gives it a task, and the timer that ends it.
    pub(super) fn give(&mut self, job: Job, timer: Option<TimeoutHandle>) {
        if let Some(worker) = &self.worker {
            // Fails only for what cannot be cloned; a file, pixels, numbers and strings can.
            _ = worker.post_message_with_transfer(&job.message, &job.transfer);
        }
        self.timer = timer;
        self.photo = job.photo.or(self.photo);
        self.job = Some(job);
    }

    /// Takes its task away; it may still be at it.
    pub(super) fn take(&mut self) -> Option<Job> {
        self.clear_timer();
        self.job.take()
    }

    /// Answers its task.
    pub(super) fn answer(&mut self, reply: Reply) {
        if let Some(job) = self.take() {
            job.answer(reply);
        }
    }

    fn clear_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.stop();
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
