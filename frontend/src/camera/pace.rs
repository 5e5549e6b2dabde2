//! How fast live labels go: as fast as the server answers, and no faster than the device can bear.

/// Between two frames at least, milliseconds: a screen shows no more labels than 30 a second.
const FASTEST_MS: f64 = 33.0;
/// The same while the device saves power, or is hot.
const SAVING_MS: f64 = 250.0;
/// An answer that takes longer, milliseconds, comes from a server with much to do: it gets a rest.
const SLOW_MS: f64 = 500.0;
/// The charge of a battery, of 1, under which power is saved unless it is charging.
const LOW: f64 = 0.2;

/// How much longer than the last one the next preparation may take.
const MARGIN: f64 = 1.5;

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

/// How long to wait after a frame that took so long from picture to label, milliseconds.
pub(crate) fn rest(took_ms: f64, hints: Hints) -> f64 {
    let between = if hints.saves() { SAVING_MS } else { FASTEST_MS };
    let rest = if took_ms > SLOW_MS {
        took_ms / 2.0
    } else {
        0.0
    };
    (between - took_ms).max(rest)
}

/// How long to wait, while an answer is under way, before the next frame is prepared, milliseconds: so
/// that it is ready when the answer comes, and hardly older.
pub(crate) fn lead(answer_ms: f64, prepare_ms: f64) -> f64 {
    (answer_ms - MARGIN * prepare_ms).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_keeps_up_sets_the_pace_up_to_thirty_a_second() {
        assert_eq!(rest(20.0, Hints::default()), 13.0);
        assert_eq!(rest(100.0, Hints::default()), 0.0);
    }

    #[test]
    fn the_next_frame_is_prepared_just_in_time() {
        assert_eq!(lead(100.0, 20.0), 70.0);
        assert_eq!(lead(10.0, 20.0), 0.0);
    }

    #[test]
    fn a_slow_server_gets_a_rest() {
        assert_eq!(rest(2000.0, Hints::default()), 1000.0);
    }

    #[test]
    fn a_hot_device_and_one_that_runs_out_of_power_are_spared() {
        let hot = Hints {
            is_hot: true,
            ..Hints::default()
        };
        assert_eq!(rest(20.0, hot), 230.0);
        assert!(is_low(0.1, false) && !is_low(0.1, true) && !is_low(0.5, false));
    }
}
