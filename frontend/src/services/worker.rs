//! The page's side of the workers: starts them, gives each one photo after the other, and starts one
//! anew when it died, hangs, or has grown large.
//!
//! One is there from the start. Where photos wait, others join it, as many as the processor has room
//! for, and go when nothing has waited for a while.

mod hand;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;
use futures_channel::oneshot;
use js_sys::Array;
use leptos::prelude::{TimeoutHandle, set_timeout, set_timeout_with_handle, window};
use wasm_bindgen::JsValue;

use crate::js::get;
use crate::protocol::{FromWorker, JobId, Made, Source, ToWorker, Want};
use crate::state::UserError;
use crate::text;
use hand::{Hand, HandId};

/// Longest that a photo may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Longest that the worker's script and wasm may take to load.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long a photo that nobody wants any more may go on. Most end within it; for the others the
/// worker is started anew, which costs about as much.
const GRACE: Duration = Duration::from_millis(250);
/// How long those that joined the first one stay without work.
const IDLE: Duration = Duration::from_secs(5);
/// Memory that a worker may keep between photos, bytes: the pixels of a photo of 16 megapixels and
/// what it takes to decode it. Wasm never gives memory back, so a worker that holds more is replaced.
const MEMORY_KEPT: f64 = 128.0 * 1024.0 * 1024.0;
/// Starts in a row that may fail before a photo does.
const STARTS: u32 = 2;
/// Most workers, however many cores there are: each may come to hold `MEMORY_KEPT`.
const MOST: usize = 4;
/// Most workers where the browser says that there are less than 4 GiB of memory.
const MOST_IN_LITTLE_MEMORY: usize = 2;

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

/// What a worker is to do.
pub(crate) struct Task {
    pub(crate) source: Source,
    pub(crate) recipe: Recipe,
    pub(crate) square: Option<Square>,
    pub(crate) want: Want,
}

type Reply = Result<Made, PrepareError>;

/// The workers, as a function.
#[derive(Clone)]
pub(crate) struct Preparer(Rc<RefCell<Crew>>);

/// A task in a worker or in line for one; dropped, it is given up.
pub(crate) struct Ticket {
    job: JobId,
    crew: Weak<RefCell<Crew>>,
}

struct Crew {
    this: Weak<RefCell<Crew>>,
    hands: Vec<Hand>,
    last_hand: HandId,
    last_job: JobId,
    /// The tasks that no worker has yet, in their order.
    line: VecDeque<Job>,
    idle_timer: Option<TimeoutHandle>,
}

struct Job {
    id: JobId,
    message: JsValue,
    /// What in it is transferred.
    transfer: Array,
    /// Which photo it is about: a worker keeps what it has of its last one.
    photo: Option<u32>,
    /// Whether it can wait until nothing else does.
    can_wait: bool,
    reply: oneshot::Sender<Reply>,
}

impl Preparer {
    /// Starts a worker, so that it is ready when the first photo comes.
    pub(crate) fn new() -> Self {
        let crew = Rc::new_cyclic(|this: &Weak<RefCell<Crew>>| {
            RefCell::new(Crew {
                this: this.clone(),
                hands: Vec::new(),
                last_hand: 0,
                last_job: 0,
                line: VecDeque::new(),
                idle_timer: None,
            })
        });
        crew.borrow_mut().grow();
        Self(crew)
    }

    /// How many photos are worked on at once, at most: as many as there are cores.
    pub(crate) fn most() -> usize {
        let navigator = window().navigator();
        let is_small = get(&navigator, "deviceMemory").as_f64();
        let most = match is_small.is_some_and(|gib| gib < 4.0) {
            true => MOST_IN_LITTLE_MEMORY,
            false => MOST,
        };
        (navigator.hardware_concurrency() as usize).clamp(1, most)
    }

    /// Puts a task in line. Its result comes to the future, unless the ticket is dropped before.
    pub(crate) fn begin(&self, task: Task) -> (Ticket, impl Future<Output = Reply> + use<>) {
        let (reply, answer) = oneshot::channel();
        let mut crew = self.0.borrow_mut();
        crew.last_job += 1;
        let id = crew.last_job;
        let photo = match &task.source {
            Source::File { photo, .. } => Some(*photo),
            Source::Frame(_) => None,
        };
        let can_wait = task.want == Want::Preview;
        let message = ToWorker {
            job: id,
            source: task.source,
            recipe: task.recipe,
            square: task.square,
            want: task.want,
        };
        let (message, transfer) = message.to_js();
        crew.put_in_line(Job {
            id,
            message,
            transfer,
            photo,
            can_wait,
            reply,
        });
        let ticket = Ticket {
            job: id,
            crew: crew.this.clone(),
        };
        let answer = async { answer.await.unwrap_or(Err(PrepareError::Cancelled)) };
        (ticket, answer)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        with(&self.crew, |crew| crew.give_up(self.job));
    }
}

impl Crew {
    fn put_in_line(&mut self, job: Job) {
        let before = self
            .line
            .iter()
            .position(|other| other.can_wait && !job.can_wait);
        self.line.insert(before.unwrap_or(self.line.len()), job);
        self.stop_idling();
        self.hands
            .iter_mut()
            .for_each(|hand| hand.failed_starts = 0);
        self.hand_out();
    }

    /// Gives those in line to workers that have nothing to do, and has others join in where that is
    /// not enough.
    fn hand_out(&mut self) {
        while let Some(job) = self.line.pop_front() {
            let knows = |hand: &Hand| job.photo.is_some() && hand.photo == job.photo;
            let free = self.hands.iter_mut().filter(|hand| hand.is_free());
            // The first one, unless another knows the photo already.
            let hand = free.min_by_key(|hand| !knows(hand));
            let Some(hand) = hand else {
                self.line.push_front(job);
                break;
            };
            let (this, id) = (self.this.clone(), job.id);
            let too_slow = move || with(&this, |crew| crew.too_slow(id));
            hand.give(job, set_timeout_with_handle(too_slow, TIME_LIMIT).ok());
        }
        let starting = self.hands.iter().filter(|hand| !hand.is_ready).count();
        let waits = |job: &&Job| job.photo.is_some() && !job.can_wait;
        let is_work = self.line.iter().filter(waits).count() > starting;
        if self.hands.is_empty() || is_work && self.hands.len() < Preparer::most() {
            self.grow();
        }
        if self.line.is_empty() && self.hands.iter().all(Hand::is_free) {
            self.idle();
        }
    }

    fn grow(&mut self) {
        self.last_hand += 1;
        let hand = Hand::new(self.last_hand, &self.this);
        self.hands.push(hand);
        self.start(self.last_hand);
    }

    fn start(&mut self, id: HandId) {
        let this = self.this.clone();
        let not_loaded = move || with(&this, |crew| crew.died(id));
        let Some(hand) = self.hand(id) else { return };
        match hand.start() {
            true => hand.timer = set_timeout_with_handle(not_loaded, START_LIMIT).ok(),
            false => self.lose(id),
        }
    }

    /// A worker cannot be started. The next task tries again; those in line are for the others.
    fn lose(&mut self, id: HandId) {
        self.hands.retain(|hand| hand.id != id);
        if self.hands.is_empty() {
            for job in self.line.drain(..) {
                job.answer(Err(PrepareError::NoWorker));
            }
        }
    }

    /// A task that nobody wants any more leaves the line. One that a worker has may end; if it does not
    /// soon, the worker is started anew.
    fn give_up(&mut self, job: JobId) {
        self.line.retain(|waiting| waiting.id != job);
        if self.hand_with(job).is_none() {
            return;
        }
        let this = self.this.clone();
        let still_there = move || {
            with(&this, |crew| {
                if let Some(hand) = crew.hand_with(job) {
                    hand.take();
                    let id = hand.id;
                    crew.start(id);
                }
            });
        };
        set_timeout(still_there, GRACE);
    }

    fn hear(&mut self, id: HandId, message: &JsValue) {
        let Some(hand) = self.hand(id) else { return };
        match FromWorker::from_js(message) {
            Some(FromWorker::Ready) => hand.ready(),
            Some(FromWorker::Done { job, made, memory }) if hand.has(job) => {
                hand.answer(Ok(made));
                if memory > MEMORY_KEPT {
                    self.start(id);
                }
            }
            Some(FromWorker::Failed { job, error }) if hand.has(job) => hand.answer(failed(&error)),
            _ => return,
        }
        self.hand_out();
    }

    fn died(&mut self, id: HandId) {
        let Some(hand) = self.hand(id) else { return };
        hand.stop();
        if hand.is_ready {
            hand.answer(failed(text::WORKER_DIED));
            return self.start(id);
        }
        hand.failed_starts += 1;
        match hand.failed_starts < STARTS {
            true => self.start(id),
            false => self.lose(id),
        }
    }

    fn too_slow(&mut self, job: JobId) {
        if let Some(hand) = self.hand_with(job) {
            hand.answer(failed(text::WORKER_SLOW));
            let id = hand.id;
            self.start(id);
        }
    }

    /// Those that joined go soon, if nothing comes.
    fn idle(&mut self) {
        if self.hands.len() > 1 && self.idle_timer.is_none() {
            let this = self.this.clone();
            let go = move || {
                with(&this, |crew| {
                    crew.idle_timer = None;
                    crew.hands.truncate(1);
                });
            };
            self.idle_timer = set_timeout_with_handle(go, IDLE).ok();
        }
    }

    fn stop_idling(&mut self) {
        if let Some(timer) = self.idle_timer.take() {
            timer.clear();
        }
    }

    fn hand(&mut self, id: HandId) -> Option<&mut Hand> {
        self.hands.iter_mut().find(|hand| hand.id == id)
    }

    fn hand_with(&mut self, job: JobId) -> Option<&mut Hand> {
        self.hands.iter_mut().find(|hand| hand.has(job))
    }
}

impl Job {
    fn answer(self, reply: Reply) {
        // Nobody listens any more when the photo was removed.
        _ = self.reply.send(reply);
    }
}

fn failed(sentence: &str) -> Reply {
    Err(PrepareError::Failed(UserError(sentence.to_owned())))
}

fn with(crew: &Weak<RefCell<Crew>>, act: impl FnOnce(&mut Crew)) {
    if let Some(crew) = crew.upgrade() {
        act(&mut crew.borrow_mut());
    }
}
