//! One label over many frames: the mean of the last moments, and a first label that does not flicker.
//!
//! Each class's probability is averaged exponentially over time: a frame that comes `dt` after the
//! last one weighs `1 - exp(-dt / TAU)`. So a camera of 1 frame a second and one of 30 follow a new
//! scene equally fast. The first label gives way to another one only when that one is ahead by
//! [`MARGIN`], or has been ahead for [`PATIENCE_MS`].

use conch_shared::label::Prediction;

/// The time over which is averaged, milliseconds.
pub(crate) const TAU_MS: f64 = 300.0;
/// How far ahead another label must be to become the first at once.
pub(crate) const MARGIN: f32 = 0.1;
/// How long it must be ahead otherwise, milliseconds.
pub(crate) const PATIENCE_MS: f64 = 1000.0;
/// A mean below this is forgotten.
const NOTHING: f32 = 0.0005;

/// What the last frames come down to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Smoothing {
    /// Classes with their mean in `score`, in no order.
    means: Vec<Prediction>,
    /// The class that is shown first.
    first: Option<usize>,
    /// Since when another one is ahead of it.
    behind_since: Option<f64>,
    last_ms: Option<f64>,
}

impl Smoothing {
    /// A frame's best labels, at `now_ms`. A class that is not among them counts as 0.
    pub(crate) fn add(&mut self, predictions: &[Prediction], now_ms: f64) {
        let weight = match self.last_ms.replace(now_ms) {
            None => 1.0,
            Some(last) => (1.0 - (-(now_ms - last).max(0.0) / TAU_MS).exp()) as f32,
        };
        for mean in &mut self.means {
            mean.score *= 1.0 - weight;
        }
        // A model that gives NaN has nothing to say.
        for new in predictions.iter().filter(|it| it.score.is_finite()) {
            match self.means.iter_mut().find(|mean| mean.index == new.index) {
                Some(mean) => mean.score += weight * new.score,
                None => self.means.push(Prediction {
                    score: weight * new.score,
                    ..new.clone()
                }),
            }
        }
        self.means.retain(|mean| mean.score > NOTHING);
        self.choose_first(now_ms);
    }

    fn choose_first(&mut self, now_ms: f64) {
        let leader = self.means.iter().max_by(|a, b| a.score.total_cmp(&b.score));
        let Some(leader) = leader else {
            self.first = None;
            return;
        };
        let shown = self.means.iter().find(|it| Some(it.index) == self.first);
        let ahead = leader.score - shown.map_or(0.0, |it| it.score);
        if shown.is_some_and(|it| it.index == leader.index) {
            self.behind_since = None;
            return;
        }
        let since = *self.behind_since.get_or_insert(now_ms);
        if shown.is_none() || ahead > MARGIN || now_ms - since >= PATIENCE_MS {
            self.first = Some(leader.index);
            self.behind_since = None;
        }
    }

    /// The best `count` labels, the first one first.
    pub(crate) fn best(&self, count: usize) -> Vec<Prediction> {
        let mut best = self.means.clone();
        let is_first = |it: &Prediction| Some(it.index) == self.first;
        best.sort_by(|a, b| {
            let by_place = is_first(b).cmp(&is_first(a));
            by_place.then(b.score.total_cmp(&a.score))
        });
        best.truncate(count);
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAT: usize = 1;
    const DOG: usize = 2;

    fn said(scores: &[(usize, f32)]) -> Vec<Prediction> {
        let prediction = |&(index, score): &(usize, f32)| Prediction {
            index,
            label: format!("class {index}"),
            score,
            logit: 0.0,
        };
        scores.iter().map(prediction).collect()
    }

    fn first(smoothing: &Smoothing) -> Option<usize> {
        smoothing.best(1).first().map(|it| it.index)
    }

    #[test]
    fn the_first_frame_is_shown_as_it_is() {
        let mut smoothing = Smoothing::default();
        assert!(smoothing.best(5).is_empty());
        smoothing.add(&said(&[(CAT, 0.75), (DOG, 0.25)]), 0.0);
        let best = smoothing.best(5);
        assert_eq!((best[0].index, best[0].score), (CAT, 0.75));
    }

    #[test]
    fn two_labels_that_are_alike_do_not_flicker() {
        let mut smoothing = Smoothing::default();
        let mut changes = 0;
        let mut before = None;
        for frame in 0..60 {
            let cat = if frame % 2 == 0 { 0.42 } else { 0.36 };
            smoothing.add(&said(&[(CAT, cat), (DOG, 0.39)]), f64::from(frame) * 66.0);
            changes += u32::from(before.is_some() && before != first(&smoothing));
            before = first(&smoothing);
        }
        assert!(changes <= 1, "{changes} changes");
    }

    #[test]
    fn a_new_scene_has_its_label_within_half_a_second_at_any_rate() {
        for between in [33.0, 100.0, 500.0] {
            let mut smoothing = Smoothing::default();
            smoothing.add(&said(&[(CAT, 0.9)]), 0.0);
            let mut now = 0.0;
            while first(&smoothing) == Some(CAT) {
                now += between;
                smoothing.add(&said(&[(DOG, 0.9)]), now);
            }
            assert!(now <= 500.0, "{now} ms at {between} ms a frame");
        }
    }

    #[test]
    fn one_that_is_a_little_ahead_becomes_the_first_after_a_while() {
        let mut smoothing = Smoothing::default();
        smoothing.add(&said(&[(CAT, 0.5), (DOG, 0.4)]), 0.0);
        let mut now = 0.0;
        while first(&smoothing) == Some(CAT) {
            now += 100.0;
            smoothing.add(&said(&[(CAT, 0.4), (DOG, 0.45)]), now);
            assert!(now < 3000.0);
        }
        assert!(now >= PATIENCE_MS);
    }

    #[test]
    fn a_model_that_gives_no_numbers_shows_nothing() {
        let mut smoothing = Smoothing::default();
        smoothing.add(&said(&[(CAT, f32::NAN)]), 0.0);
        assert!(smoothing.best(5).is_empty());
    }
}
