//! Class names, softmax, and the best k.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// The class names of a model, in class order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelSet(Vec<String>);

impl LabelSet {
    /// Reads a labels file: one name a line, in class order. Line ends may be `\n` or `\r\n`;
    /// empty lines at the end do not count, others do (they keep the order). Nor does the mark
    /// that some editors put at a text's beginning (U+FEFF).
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        Self(names)
    }

    /// How many classes have a name.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no names at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of a class, if it has one.
    pub fn get(&self, class: usize) -> Option<&str> {
        self.0.get(class).map(String::as_str)
    }
}

/// One class that a model finds in a photo, and how sure it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The class, counted from 0.
    pub index: usize,
    /// The class's name, or `class N` where the model has none for it.
    pub label: String,
    /// Probability in [0, 1].
    pub score: f32,
    /// The model's own output for the class; equal to `score` where the model gives probabilities.
    pub logit: f32,
}

/// Turns logits into probabilities: `exp(x_i - max x) / Σ_j exp(x_j - max x)`.
///
/// Subtracting the maximum changes nothing in the result and keeps `exp` from overflowing
/// (Goodfellow et al., *Deep Learning*, section 4.1). Sums in f64. An infinite maximum shares
/// the whole probability among the infinite entries; NaN makes every probability NaN.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    if logits.iter().any(|x| x.is_nan()) {
        return vec![f32::NAN; logits.len()];
    }
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exp = |x: f32| {
        if x == max {
            1.0
        } else {
            f64::from(x - max).exp()
        }
    };
    let sum: f64 = logits.iter().map(|x| exp(*x)).sum();
    logits.iter().map(|x| (exp(*x) / sum) as f32).collect()
}

/// The indices of the `k` largest values, largest first; of equals, the lower index first.
///
/// All of them when there are fewer than `k`; NaN sorts last.
pub fn top_k(values: &[f32], k: usize) -> Vec<usize> {
    let better = |a: &usize, b: &usize| -> Ordering {
        let (x, y) = (values[*a], values[*b]);
        let by_value = match (x.is_nan(), y.is_nan()) {
            (false, false) => y.partial_cmp(&x).unwrap_or(Ordering::Equal),
            (x_is_nan, y_is_nan) => x_is_nan.cmp(&y_is_nan),
        };
        by_value.then(a.cmp(b))
    };
    let mut order: Vec<usize> = (0..values.len()).collect();
    if k < order.len() {
        order.select_nth_unstable_by(k, better);
        order.truncate(k);
    }
    order.sort_unstable_by(better);
    order
}

/// The `k` best classes of one row of logits and its probabilities (of equal length).
pub fn best(logits: &[f32], scores: &[f32], labels: &LabelSet, k: usize) -> Vec<Prediction> {
    of_classes(logits, scores, labels, &top_k(scores, k))
}

/// These classes of one row of logits and its probabilities (of equal length), in this order.
///
/// # Panics
/// When the row has no such class.
pub fn of_classes(
    logits: &[f32],
    scores: &[f32],
    labels: &LabelSet,
    classes: &[usize],
) -> Vec<Prediction> {
    classes
        .iter()
        .map(|&index| Prediction {
            index,
            label: labels
                .get(index)
                .map_or_else(|| format!("class {index}"), str::to_owned),
            score: scores[index],
            logit: logits[index],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn softmax_does_not_overflow() {
        let scores = softmax(&[1000.0, 1000.0, -1000.0]);
        assert_eq!(scores, [0.5, 0.5, 0.0]);
        assert_eq!(softmax(&[f32::INFINITY, 0.0]), [1.0, 0.0]);
        assert!(softmax(&[]).is_empty());
    }

    #[test]
    fn equals_keep_their_order_and_nan_comes_last() {
        assert_eq!(top_k(&[1.0, 3.0, f32::NAN, 3.0, 2.0], 3), [1, 3, 4]);
        assert_eq!(top_k(&[f32::NAN, 1.0], 2), [1, 0]);
        assert_eq!(top_k(&[1.0], 10), [0]);
    }

    #[test]
    fn labels_keep_colons_commas_and_empty_lines_inside() {
        let labels = LabelSet::parse("tabby, tabby cat\r\n\na: b\n\n");
        assert_eq!(labels.len(), 3);
        assert_eq!(labels.get(0), Some("tabby, tabby cat"));
        assert_eq!(labels.get(2), Some("a: b"));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_label() {
        assert_eq!(
            LabelSet::parse("\u{feff}tench\nshark").get(0),
            Some("tench")
        );
    }

    proptest! {
        #[test]
        fn softmax_sums_to_one_and_keeps_the_order(
            logits in prop::collection::vec(-50f32..50.0, 1..200)
        ) {
            let scores = softmax(&logits);
            let sum: f32 = scores.iter().sum();
            prop_assert!((sum - 1.0).abs() < 1e-5, "sum {sum}");
            for (i, j) in (0..logits.len()).zip(1..logits.len()) {
                if logits[i] > logits[j] {
                    prop_assert!(scores[i] >= scores[j]);
                }
            }
        }

        #[test]
        fn softmax_ignores_a_constant(
            logits in prop::collection::vec(-8f32..8.0, 1..50), shift in -64i8..64
        ) {
            let shifted: Vec<f32> = logits.iter().map(|x| x + f32::from(shift)).collect();
            for (a, b) in softmax(&logits).iter().zip(softmax(&shifted)) {
                prop_assert!((a - b).abs() < 1e-4, "{a} {b}");
            }
        }

        #[test]
        fn top_k_is_the_head_of_a_full_sort(
            values in prop::collection::vec(-10i8..10, 0..60), k in 0usize..70
        ) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let mut sorted: Vec<usize> = (0..values.len()).collect();
            sorted.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
            sorted.truncate(k);
            prop_assert_eq!(top_k(&values, k), sorted);
        }
    }
}
