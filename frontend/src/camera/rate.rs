//! How fast live labels come: over the last seconds, not since the beginning.

use std::collections::VecDeque;

/// The time that is looked back upon, milliseconds.
const WINDOW_MS: f64 = 3000.0;

/// A frame that was answered.
#[derive(Clone, Copy, Debug)]
struct Answered {
    at_ms: f64,
    took_ms: f64,
    bytes: usize,
}

/// The frames of the last seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate(VecDeque<Answered>);

/// How fast it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Speed {
    /// Frames a second.
    pub(crate) frames: f64,
    /// From picture to label, milliseconds, on average.
    pub(crate) latency: f64,
    /// Bytes a second, there and back.
    pub(crate) bytes: f64,
}

impl Rate {
    /// A frame's label came at `at_ms`, `took_ms` after its picture; so many bytes went over the wire.
    pub(crate) fn add(&mut self, at_ms: f64, took_ms: f64, bytes: usize) {
        self.0.push_back(Answered {
            at_ms,
            took_ms,
            bytes,
        });
        while self
            .0
            .front()
            .is_some_and(|it| it.at_ms < at_ms - WINDOW_MS)
        {
            self.0.pop_front();
        }
    }

    /// How fast it goes; `None` before the second frame.
    pub(crate) fn speed(&self) -> Option<Speed> {
        let (first, last) = (self.0.front()?, self.0.back()?);
        let seconds = (last.at_ms - first.at_ms) / 1000.0;
        // The first one's time began before the window did.
        let counted = self.0.len() - 1;
        (seconds > 0.0).then(|| Speed {
            frames: counted as f64 / seconds,
            latency: self.0.iter().map(|it| it.took_ms).sum::<f64>() / self.0.len() as f64,
            bytes: self.0.iter().skip(1).map(|it| it.bytes as f64).sum::<f64>() / seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_frames_a_second_are_ten_frames_a_second() {
        let mut rate = Rate::default();
        assert_eq!(rate.speed(), None);
        for frame in 0..100 {
            rate.add(f64::from(frame) * 100.0, 40.0, 1000);
        }
        let speed = rate.speed().unwrap();
        assert_eq!(
            (speed.frames, speed.latency, speed.bytes),
            (10.0, 40.0, 10_000.0)
        );
    }

    #[test]
    fn one_frame_a_second_has_a_speed_too() {
        let mut rate = Rate::default();
        for frame in 0..9 {
            rate.add(f64::from(frame) * 1000.0, 700.0, 10);
        }
        assert_eq!(rate.speed().unwrap().frames, 1.0);
    }

    #[test]
    fn a_break_is_forgotten_once_it_is_over() {
        let mut rate = Rate::default();
        rate.add(0.0, 40.0, 1);
        rate.add(60_000.0, 40.0, 1);
        assert_eq!(rate.speed(), None);
    }
}
