//! What waits for an instance, and what of it runs next. Time comes in from outside, so that every
//! rule is tested without a thread and without waiting.
//!
//! The rules are those of Triton's dynamic batcher (model_configuration.md, "Dynamic Batcher", and
//! `ModelDynamicBatching` and `ModelQueuePolicy` in its model_config.proto).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::model_repo::{Batching, QueuePolicy, Scheduling};

/// Something that can wait.
pub(super) trait Waiting {
    /// How many items it brings into a batch, at least 1.
    fn items(&self) -> usize;

    /// Whether its tensors can be put behind those of `first`.
    fn fits(&self, first: &Self) -> bool;

    /// Whether nobody wants its answer any more.
    fn is_abandoned(&self) -> bool;
}

/// Requests in order of arrival.
pub(super) struct Queue<T> {
    batching: Option<Batching>,
    max_batch_size: usize,
    policy: QueuePolicy,
    capacity: usize,
    current: VecDeque<Entry<T>>,
    /// Those that have expired, where they wait on behind all others.
    delayed: VecDeque<Entry<T>>,
}

struct Entry<T> {
    request: T,
    queued: Instant,
    /// When it has waited for as long as it may.
    deadline: Option<Instant>,
}

/// What a free instance does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// Runs these together.
    Run(Vec<T>),
    /// Looks again at this time, or when a request comes.
    WaitUntil(Instant),
    /// Looks again when a request comes.
    Wait,
}

/// What left the queue without having run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Swept<T> {
    /// They waited for longer than they may.
    pub(super) expired: Vec<T>,
    /// Nobody wants their answer any more.
    pub(super) abandoned: Vec<T>,
}

/// No place is left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full {
    /// How many requests the queue takes.
    pub(super) capacity: usize,
}

impl<T: Waiting> Queue<T> {
    /// A queue of a model's rules that takes at most `most` requests.
    pub(super) fn new(scheduling: &Scheduling, most: usize) -> Self {
        let batching = scheduling.batching.clone();
        let policy = batching
            .as_ref()
            .map_or_else(QueuePolicy::default, |batching| batching.queue.clone());
        Self {
            // Without a batch dimension nothing can be put together, whatever else the config says.
            batching: batching.filter(|_| scheduling.max_batch_size > 0),
            max_batch_size: scheduling.max_batch_size,
            capacity: policy.max_size.map_or(most, |size| size.min(most)),
            policy,
            current: VecDeque::new(),
            delayed: VecDeque::new(),
        }
    }

    /// Queues a request; `asked` is its own limit to its wait. Gives the time at which it expires
    /// and is to be turned away.
    ///
    /// # Errors
    /// When no place is left, [`Self::sweep`] having removed what needs none.
    pub(super) fn push(
        &mut self,
        request: T,
        asked: Option<Duration>,
        now: Instant,
    ) -> Result<Option<Instant>, Full> {
        if self.is_full() {
            let capacity = self.capacity;
            return Err(Full { capacity });
        }
        let deadline = self
            .timeout(asked)
            .and_then(|timeout| now.checked_add(timeout));
        self.current.push_back(Entry {
            request,
            queued: now,
            deadline,
        });
        Ok(deadline.filter(|_| !self.policy.delay_expired))
    }

    /// Puts requests that an instance could not run back in front of all others, in their order.
    /// They had their place, and they do not expire: their turn had come.
    pub(super) fn put_back(&mut self, requests: Vec<T>, now: Instant) {
        for request in requests.into_iter().rev() {
            self.current.push_front(Entry {
                request,
                queued: now,
                deadline: None,
            });
        }
    }

    /// Empties the queue.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = T> {
        let entries = self.current.drain(..).chain(self.delayed.drain(..));
        entries.map(|entry| entry.request)
    }

    /// A request may shorten the wait that the config allows, never make it longer; where the
    /// config sets no limit there is nothing to shorten. So it is in Triton.
    fn timeout(&self, asked: Option<Duration>) -> Option<Duration> {
        let default = self.policy.timeout?;
        let asked = asked.filter(|asked| self.policy.allow_override && !asked.is_zero());
        Some(asked.map_or(default, |asked| asked.min(default)))
    }

    /// Removes what nobody wants any more and what has expired; the latter goes behind all others
    /// where the config says so.
    pub(super) fn sweep(&mut self, now: Instant) -> Swept<T> {
        let mut abandoned = extract(&mut self.current, |entry| entry.request.is_abandoned());
        abandoned.extend(extract(&mut self.delayed, |entry| {
            entry.request.is_abandoned()
        }));
        let is_late = |entry: &Entry<T>| entry.deadline.is_some_and(|deadline| deadline <= now);
        let mut late = extract(&mut self.current, is_late);
        if self.policy.delay_expired {
            self.delayed.extend(late.drain(..));
        }
        let requests = |entries: Vec<Entry<T>>| entries.into_iter().map(|e| e.request).collect();
        Swept {
            expired: requests(late),
            abandoned: requests(abandoned),
        }
    }

    /// What an instance that is free does now; [`Self::sweep`] comes first.
    pub(super) fn next(&mut self, now: Instant) -> Next<T> {
        let count = match self.plan(now) {
            Plan::Nothing => return Next::Wait,
            Plan::Wait(until) => return Next::WaitUntil(until),
            Plan::Run(count) => count,
        };
        let from_current = count.min(self.current.len());
        let entries = self.current.drain(..from_current);
        let entries = entries.chain(self.delayed.drain(..count - from_current));
        Next::Run(entries.map(|entry| entry.request).collect())
    }

    /// How many requests from the front on to run together.
    fn plan(&self, now: Instant) -> Plan {
        let mut entries = self.current.iter().chain(&self.delayed);
        let Some(first) = entries.next() else {
            return Plan::Nothing;
        };
        let Some(batching) = &self.batching else {
            return Plan::Run(1);
        };
        let largest = batching.preferred.iter().copied().max();
        let is_preferred = |items| batching.preferred.contains(&items);
        let (mut count, mut items) = (1, first.request.items());
        let mut best = is_preferred(items).then_some(count);
        let (mut oldest, mut deadline) = (first.queued, first.deadline);
        // No later request could join.
        let mut closed = items >= self.max_batch_size;
        for entry in entries {
            let more = items + entry.request.items();
            if best.is_none() && largest.is_some_and(|largest| more > largest) {
                // The sizes do not add up to a preferred one: the nearest below will do.
                best = Some(count);
            }
            if more > self.max_batch_size || !entry.request.fits(&first.request) {
                closed = true;
                break;
            }
            (count, items) = (count + 1, more);
            if is_preferred(items) {
                best = Some(count);
            }
            oldest = oldest.min(entry.queued);
            deadline = deadline.into_iter().chain(entry.deadline).min();
        }
        let Some(until) = oldest.checked_add(batching.max_delay) else {
            return Plan::Run(best.unwrap_or(count));
        };
        let is_overdue = !batching.max_delay.is_zero() && until <= now;
        match best {
            Some(best) if !is_overdue => Plan::Run(best),
            _ if closed || until <= now => Plan::Run(count),
            _ if largest.is_some_and(|largest| items >= largest) => Plan::Run(count),
            // When a request of this batch expires, the batch is another.
            _ => Plan::Wait(
                deadline
                    .filter(|d| *d > now)
                    .map_or(until, |d| d.min(until)),
            ),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= self.capacity
    }

    pub(super) fn len(&self) -> usize {
        self.current.len() + self.delayed.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.current.is_empty() && self.delayed.is_empty()
    }
}

enum Plan {
    Run(usize),
    Wait(Instant),
    Nothing,
}

/// Takes out what fulfils the condition; the rest keeps its order.
fn extract<T>(from: &mut VecDeque<T>, condition: impl Fn(&T) -> bool) -> Vec<T> {
    if !from.iter().any(&condition) {
        return Vec::new();
    }
    let (taken, rest): (Vec<T>, Vec<T>) = from.drain(..).partition(condition);
    *from = rest.into();
    taken
}

#[cfg(test)]
mod tests;
