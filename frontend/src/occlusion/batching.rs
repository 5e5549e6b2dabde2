//! What batching buys: the page's clock, and the server's own counts of before and after.

use conch_shared::kserve::statistics::{Duration, ModelStatistics};

/// Photos that went one way, and how long they took together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Way {
    /// How many photos.
    pub(crate) photos: usize,
    /// From each request's first byte out to its answer's last byte in, milliseconds.
    pub(crate) ms: f64,
}

/// What was measured while a map was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batching {
    /// One photo a request, one request after the other.
    pub(crate) alone: Way,
    /// Many photos a request, one request after the other.
    pub(crate) batched: Way,
    /// What the server counted meanwhile, for everybody; `None` where it does not say.
    pub(crate) counted: Option<ModelStatistics>,
}

/// Runs of the model of one batch size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Runs {
    /// Photos a run.
    pub(crate) size: u64,
    /// How many runs.
    pub(crate) runs: u64,
    /// In the model, milliseconds a photo.
    pub(crate) ms_a_photo: f64,
}

impl Way {
    /// One more request was answered.
    pub(crate) fn add(&mut self, photos: usize, ms: f64) {
        self.photos += photos;
        self.ms += ms;
    }

    /// Photos a second; `None` where nothing was measured.
    pub(crate) fn per_second(self) -> Option<f64> {
        (self.photos > 0 && self.ms > 0.0).then(|| 1000.0 * self.photos as f64 / self.ms)
    }
}

impl Batching {
    /// How many times as many photos a second batches gave; `None` where one of both was not
    /// measured.
    pub(crate) fn gain(&self) -> Option<f64> {
        Some(self.batched.per_second()? / self.alone.per_second()?)
    }

    /// The server counted this, too.
    pub(crate) fn count(&mut self, counted: ModelStatistics) {
        match &mut self.counted {
            Some(before) => before.add(&counted),
            None => self.counted = Some(counted),
        }
    }

    /// The runs by their batch size, those of one photo first.
    pub(crate) fn runs(&self) -> Vec<Runs> {
        let batches = self.counted.iter().flat_map(|counted| &counted.batch_stats);
        let runs = batches.map(|batch| Runs {
            size: batch.batch_size,
            runs: batch.compute_infer.count,
            ms_a_photo: batch.compute_infer.ns as f64
                / (batch.compute_infer.count * batch.batch_size).max(1) as f64
                / 1e6,
        });
        runs.filter(|runs| runs.runs > 0 && runs.size > 0).collect()
    }
}

/// What one version did between two snapshots; `None` where the server began to count anew in
/// between, or does not know the version.
pub(crate) fn difference(
    before: &[ModelStatistics],
    after: &[ModelStatistics],
    version: &str,
) -> Option<ModelStatistics> {
    let of = |all: &[ModelStatistics]| all.iter().find(|model| model.version == version).cloned();
    let after = of(after)?;
    // A version that has not run yet may not be listed.
    let mut before = of(before).unwrap_or_default();
    let mut counted = ModelStatistics {
        inference_count: after.inference_count.checked_sub(before.inference_count)?,
        execution_count: after.execution_count.checked_sub(before.execution_count)?,
        ..ModelStatistics::default()
    };
    for batch in &after.batch_stats {
        let (now, then) = (
            batch.compute_infer,
            before.batch(batch.batch_size).compute_infer,
        );
        counted.batch(batch.batch_size).compute_infer = Duration {
            count: now.count.checked_sub(then.count)?,
            ns: now.ns.checked_sub(then.ns)?,
        };
    }
    Some(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(batches: &[(u64, u64, u64)]) -> Vec<ModelStatistics> {
        let mut model = ModelStatistics {
            version: "1".into(),
            ..ModelStatistics::default()
        };
        for &(size, count, ns) in batches {
            model.inference_count += size * count;
            model.execution_count += count;
            model.batch(size).compute_infer = Duration { count, ns };
        }
        vec![model]
    }

    #[test]
    fn two_snapshots_give_the_runs_between_them() {
        let before = snapshot(&[(1, 3, 30_000_000), (4, 1, 24_000_000)]);
        let after = snapshot(&[(1, 5, 48_000_000), (4, 1, 24_000_000), (16, 2, 160_000_000)]);
        let mut batching = Batching::default();
        batching.count(difference(&before, &after, "1").unwrap());
        let counted = batching.counted.clone().unwrap();
        assert_eq!((counted.inference_count, counted.execution_count), (34, 4));
        let runs = |size, runs, ms_a_photo| Runs {
            size,
            runs,
            ms_a_photo,
        };
        assert_eq!(batching.runs(), [runs(1, 2, 9.0), runs(16, 2, 5.0)]);
        batching.count(counted);
        assert_eq!(batching.runs(), [runs(1, 4, 9.0), runs(16, 4, 5.0)]);
    }

    #[test]
    fn a_server_that_counts_anew_says_nothing_of_the_difference() {
        let (before, after) = (snapshot(&[(1, 9, 90)]), snapshot(&[(1, 3, 30)]));
        assert_eq!(difference(&before, &after, "1"), None);
        assert_eq!(difference(&after, &before, "2"), None);
        let first = difference(&[], &after, "1").unwrap();
        assert_eq!(first.inference_count, 3);
    }

    #[test]
    fn the_gain_is_of_photos_a_second() {
        let mut batching = Batching::default();
        assert_eq!(batching.gain(), None);
        batching.alone.add(1, 12.0);
        batching.alone.add(1, 8.0);
        batching.batched.add(16, 80.0);
        assert_eq!(batching.alone.per_second(), Some(100.0));
        assert_eq!(batching.gain(), Some(2.0));
    }
}
