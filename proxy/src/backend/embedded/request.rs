//! A request inside the engine: its tensor, and the way back to the one who waits.

use std::time::Instant;

use conch_shared::tensor::Tensor;
use tokio::sync::oneshot;

use super::queue::Waiting;
use crate::backend::Timings;

/// One client's tensor.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) input: Tensor,
    /// Items in `input`: its first dimension, or 1 where the model takes no batch.
    pub(super) items: usize,
    pub(super) arrived: Instant,
    /// Whether an instance broke on it: it runs alone from then on.
    pub(super) is_suspect: bool,
    answer: oneshot::Sender<Result<Answer, Refusal>>,
}

/// What the client gets.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) output: Tensor,
    pub(super) timings: Timings,
}

/// Why it gets none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// So many requests wait already.
    Full(usize),
    /// It waited for longer than it may.
    Expired,
    /// The engine's words.
    Failed(String),
    /// No instance runs; why, for the client.
    Broken(String),
}

/// Where the answer will come.
pub(super) type Answered = oneshot::Receiver<Result<Answer, Refusal>>;

impl Request {
    /// A request that has come in just now.
    pub(super) fn new(input: Tensor, batched: bool) -> (Self, Answered) {
        let first = input.shape().dims().first().copied();
        let items = first.filter(|_| batched).unwrap_or(1).max(1);
        let (answer, answered) = oneshot::channel();
        let request = Self {
            input,
            items,
            arrived: Instant::now(),
            is_suspect: false,
            answer,
        };
        (request, answered)
    }

    /// Answers; a client that has gone in the meantime is no fault.
    pub(super) fn answer(self, outcome: Result<Answer, Refusal>) {
        self.answer.send(outcome).ok();
    }
}

impl Waiting for Request {
    fn items(&self) -> usize {
        self.items
    }

    fn fits(&self, first: &Self) -> bool {
        let after_batch = |tensor: &Tensor| tensor.shape().dims().get(1..).map(<[usize]>::to_vec);
        !(self.is_suspect || first.is_suspect)
            && self.input.datatype() == first.input.datatype()
            && after_batch(&self.input) == after_batch(&first.input)
    }

    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }
}
