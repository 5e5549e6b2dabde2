//! How fast live labels go: as fast as the server answers, and no faster than the device can bear.
//!
//! One request is under way. A second one is tried after a while, and stays for as long as the server
//! keeps up: as an answer then takes less than [`KEEPS_UP`] times as long as alone, more labels come
//! in all. A server that is busy, or a device that should be spared, gets one at a time.

use std::collections::VecDeque;

/// Between two frames at least, milliseconds: a screen shows no more labels than 30 a second.
const FASTEST_MS: f64 = 33.0;
/// The same while the device saves power, or is hot.
const SAVING_MS: f64 = 250.0;
/// An answer that takes longer, milliseconds, comes from a server with much to do: it gets a rest.
const SLOW_MS: f64 = 500.0;
/// The charge of a battery, of 1, under which power is saved unless it is charging.
const LOW: f64 = 0.2;

/// How much longer than usual the next preparation may take.
const MARGIN: f64 = 1.5;
/// A frame that has waited longer than this to be sent, milliseconds, is old: another is taken.
const OLD_MS: f64 = 100.0;
/// How much longer than alone an answer may take while another one is under way.
const KEEPS_UP: f64 = 1.6;
/// Answers after which one knows how long they take.
const ENOUGH: u32 = 5;
/// The weight of the last answer in the mean.
const WEIGHT: f64 = 0.25;
/// Until a second request is tried again, milliseconds.
const TRIED_AGAIN_MS: f64 = 5000.0;

/// What the device says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// Its battery is nearly empty.
    pub(crate) is_battery_low: bool,
    /// It is hot, or has more to do than it can for long.
    pub(crate) is_hot: bool,
}

impl Hints {
    /// Whether it should be spared.
    pub(crate) fn saves(self) -> bool {
        self.is_battery_low || self.is_hot
    }
}

/// Whether a battery's `level`, of 1, is low.
pub(crate) fn is_low(level: f64, is_charging: bool) -> bool {
    !is_charging && level <= LOW
}

/// Whether a frame that has been ready for so long, milliseconds, is too old to be sent.
pub(crate) fn is_old(waited_ms: f64) -> bool {
    waited_ms > OLD_MS
}

/// Number of a frame, in the order of their pictures.
pub(crate) type FrameId = u64;

/// Which frames are sent when, and which answers count. Times are of one clock, milliseconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    hints: Hints,
    /// The last one that was sent.
    last: FrameId,
    last_sent_ms: Option<f64>,
    /// Not answered yet, the oldest first.
    under_way: VecDeque<Sent>,
    /// The newest one whose answer counted.
    newest: FrameId,
    /// Nothing is sent before.
    rest_until_ms: f64,
    prepare: Mean,
    alone: Mean,
    together: Mean,
    second: Second,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    id: FrameId,
    at_ms: f64,
    is_alone: bool,
}

/// Whether a second request may be under way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Second {
    /// Not before one knows how long an answer takes alone.
    #[default]
    NotYet,
    /// It may.
    Yes,
    /// The server does not keep up with two.
    NotBefore(f64),
}

impl Pace {
    /// What the device says of itself now.
    pub(crate) fn hear(&mut self, hints: Hints) {
        self.hints = hints;
    }

    /// A frame took so long to prepare.
    pub(crate) fn prepared(&mut self, took_ms: f64) {
        self.prepare.add(took_ms);
    }

    /// From when on the next frame is to be prepared: so that it is ready when it may be sent, and
    /// hardly older.
    pub(crate) fn prepare_at(&self, now_ms: f64) -> f64 {
        let usual = match self.limit(now_ms) {
            1 => &self.alone,
            _ => &self.together,
        };
        let answer_ms = usual.get().or(self.alone.get()).unwrap_or(0.0);
        let answered = |sent: &Sent| sent.at_ms + answer_ms;
        let free = match self.has_room(now_ms) {
            true => now_ms,
            false => self.under_way.front().map_or(now_ms, answered),
        };
        let lead = MARGIN * self.prepare.get().unwrap_or(0.0);
        self.earliest(now_ms).max(free) - lead
    }

    /// When a frame that is ready may be sent; `None` before an answer comes.
    pub(crate) fn send_at(&self, now_ms: f64) -> Option<f64> {
        self.has_room(now_ms).then(|| self.earliest(now_ms))
    }

    /// A frame is sent; its number.
    pub(crate) fn sent(&mut self, now_ms: f64) -> FrameId {
        self.last += 1;
        self.last_sent_ms = Some(now_ms);
        let is_alone = self.under_way.is_empty();
        for other in &mut self.under_way {
            other.is_alone = false;
        }
        self.under_way.push_back(Sent {
            id: self.last,
            at_ms: now_ms,
            is_alone,
        });
        self.last
    }

    /// A frame's answer is there. Whether it counts: not where a later frame's came before it.
    pub(crate) fn answered(&mut self, id: FrameId, now_ms: f64) -> bool {
        if let Some(sent) = self.end(id) {
            let took_ms = now_ms - sent.at_ms;
            if took_ms > SLOW_MS {
                self.rest_until_ms = now_ms + took_ms / 2.0;
            }
            match sent.is_alone {
                true => self.alone.add(took_ms),
                false => self.together.add(took_ms),
            }
            self.decide(now_ms);
        }
        let counts = id > self.newest;
        self.newest = self.newest.max(id);
        counts
    }

    /// A frame has no answer: the server may have much to do.
    pub(crate) fn failed(&mut self, id: FrameId, now_ms: f64) {
        self.end(id);
        self.second = Second::NotBefore(now_ms + TRIED_AGAIN_MS);
    }

    fn end(&mut self, id: FrameId) -> Option<Sent> {
        let at = self.under_way.iter().position(|sent| sent.id == id)?;
        self.under_way.remove(at)
    }

    fn decide(&mut self, now_ms: f64) {
        let (Some(alone), count) = (self.alone.get(), self.alone.count) else {
            return;
        };
        match self.second {
            Second::NotYet if count >= ENOUGH => self.second = Second::Yes,
            Second::NotBefore(then) if now_ms >= then => {
                self.second = Second::Yes;
                self.together = Mean::default();
            }
            Second::Yes if self.together.count >= ENOUGH && self.together.ms > KEEPS_UP * alone => {
                self.second = Second::NotBefore(now_ms + TRIED_AGAIN_MS);
            }
            _ => {}
        }
    }

    /// How many may be under way.
    fn limit(&self, now_ms: f64) -> usize {
        let is_slow =
            self.alone.get().is_some_and(|it| it > SLOW_MS) || now_ms < self.rest_until_ms;
        match self.second {
            Second::Yes if !self.hints.saves() && !is_slow => 2,
            _ => 1,
        }
    }

    fn has_room(&self, now_ms: f64) -> bool {
        self.under_way.len() < self.limit(now_ms)
    }

    /// When the next one may be sent, where there is room for it.
    fn earliest(&self, now_ms: f64) -> f64 {
        let between = match self.hints.saves() {
            true => SAVING_MS,
            false => FASTEST_MS,
        };
        let next = self.last_sent_ms.map_or(now_ms, |last| last + between);
        next.max(self.rest_until_ms)
    }
}

/// The mean of the last times.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    ms: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, ms: f64) {
        self.count = self.count.saturating_add(1);
        // The plain mean of the first ones.
        self.ms += WEIGHT.max(1.0 / f64::from(self.count)) * (ms - self.ms);
    }

    fn get(&self) -> Option<f64> {
        (self.count > 0).then_some(self.ms)
    }
}

#[cfg(test)]
mod tests;
