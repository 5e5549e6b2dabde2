//! How often each value is there: 64 bins on one axis.

/// Bins of a histogram: units of its drawing's width.
pub(crate) const BINS: usize = 64;
/// Units of its drawing's height.
pub(crate) const HEIGHT: f32 = 24.0;

/// The normalised value of a byte, which may lie between two: `(byte / 255 - mean) / std`.
pub(crate) fn normalised(byte: f32, mean: f32, std: f32) -> f32 {
    (byte / 255.0 - mean) / std
}

/// The axis that has room for every value of three channels: its least and its greatest.
pub(crate) fn axis(mean: [f32; 3], std: [f32; 3]) -> (f32, f32) {
    let ends = |c: usize| [-0.5, 255.5].map(|byte| normalised(byte, mean[c], std[c]));
    let ends = (0..3).flat_map(ends);
    ends.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), end| {
        (low.min(end), high.max(end))
    })
}

/// How many values fall into each bin. A byte stands for all that was rounded to it, half a step to
/// either side: its count is shared among the bins that this interval touches, else bins that hold
/// five bytes would tower over those that hold four.
pub(crate) fn bins(counts: &[u32], mean: f32, std: f32, (low, high): (f32, f32)) -> Vec<f32> {
    let mut bins = vec![0.0; BINS];
    let width = (high - low) / BINS as f32;
    // In units of bins from the axis' start; a negative `std` turns an interval round.
    let place = |byte: f32| (normalised(byte, mean, std) - low) / width;
    for (byte, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let ends = (place(byte as f32 - 0.5), place(byte as f32 + 0.5));
        let (from, to) = (ends.0.min(ends.1), ends.0.max(ends.1));
        // A cast to an unsigned integer clamps at zero.
        let touched = bins.iter_mut().enumerate().take(to as usize + 1);
        for (at, bin) in touched.skip(from as usize) {
            let inside = to.min(at as f32 + 1.0) - from.max(at as f32);
            *bin += *count as f32 * (inside / (to - from)).max(0.0);
        }
    }
    bins
}

/// The bins as the outline of an area, an SVG path in a box of [`BINS`] by [`HEIGHT`] units;
/// the `greatest` count reaches the top.
pub(crate) fn outline(bins: &[f32], greatest: f32) -> String {
    let mut path = format!("M0 {HEIGHT}");
    for (bin, count) in bins.iter().enumerate() {
        let top = HEIGHT * (1.0 - count / greatest.max(1.0));
        path += &format!("V{top:.2}H{}", bin + 1);
    }
    path + &format!("V{HEIGHT}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_lost_and_none_counted_twice() {
        let counts: Vec<u32> = (0..256).map(|byte| byte * 7 % 31).collect();
        let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, -0.225]);
        let axis = axis(mean, std);
        for channel in 0..3 {
            let bins = bins(&counts, mean[channel], std[channel], axis);
            let all: u32 = counts.iter().sum();
            assert!((bins.iter().sum::<f32>() - all as f32).abs() < 0.5);
        }
    }

    #[test]
    fn equally_frequent_bytes_make_a_flat_histogram() {
        let (mean, std) = ([0.5; 3], [0.25; 3]);
        let bins = bins(&[10; 256], 0.5, 0.25, axis(mean, std));
        assert!(
            bins.iter().all(|count| (count - 40.0).abs() < 0.1),
            "{bins:?}"
        );
    }

    #[test]
    fn the_outline_steps_from_bin_to_bin() {
        assert_eq!(outline(&[2.0, 0.0], 4.0), "M0 24V12.00H1V24.00H2V24Z");
    }
}
