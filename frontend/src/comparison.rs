//! Two models' answers to one photo, set against each other.

use conch_shared::label::Prediction;

/// Where a label stands in one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    /// From 1, the best.
    pub(crate) rank: usize,
    /// Its probability.
    pub(crate) score: f32,
}

/// One label of either answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The label.
    pub(crate) label: String,
    /// Where it stands, and with whom.
    pub(crate) found: Found,
}

/// Which of the two answers has a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Found {
    /// Both.
    Both(Standing, Standing),
    /// Only the first.
    First(Standing),
    /// Only the second.
    Second(Standing),
}

impl Found {
    /// Where it stands in the first answer and in the second.
    pub(crate) fn standings(self) -> [Option<Standing>; 2] {
        match self {
            Self::Both(first, second) => [Some(first), Some(second)],
            Self::First(first) => [Some(first), None],
            Self::Second(second) => [None, Some(second)],
        }
    }
}

/// The labels of both answers: those of the first in its order, then those that only the second has.
///
/// Labels are the same where their names are: models count their classes differently.
pub(crate) fn compare(first: &[Prediction], second: &[Prediction]) -> Vec<Row> {
    let mut left: Vec<Option<&Prediction>> = second.iter().map(Some).collect();
    let mut rows: Vec<Row> = standings(first)
        .map(|(label, standing)| {
            let same = |other: &Option<&Prediction>| other.is_some_and(|o| o.label == label);
            let at = left.iter().position(same);
            let other = at.and_then(|at| Some((at + 1, left[at].take()?.score)));
            Row {
                label: label.to_owned(),
                found: match other {
                    Some((rank, score)) => Found::Both(standing, Standing { rank, score }),
                    None => Found::First(standing),
                },
            }
        })
        .collect();
    let only_second = standings(second).zip(&left);
    rows.extend(only_second.filter_map(|((label, standing), left)| {
        left.map(|_| Row {
            label: label.to_owned(),
            found: Found::Second(standing),
        })
    }));
    rows
}

fn standings(answer: &[Prediction]) -> impl Iterator<Item = (&str, Standing)> {
    answer.iter().enumerate().map(|(at, prediction)| {
        let standing = Standing {
            rank: at + 1,
            score: prediction.score,
        };
        (prediction.label.as_str(), standing)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(labels: &[(&str, f32)]) -> Vec<Prediction> {
        let one = |(label, score): &(&str, f32)| Prediction {
            index: 0,
            label: (*label).to_owned(),
            score: *score,
            logit: 0.0,
        };
        labels.iter().map(one).collect()
    }

    fn at(rank: usize, score: f32) -> Standing {
        Standing { rank, score }
    }

    #[test]
    fn a_label_of_both_answers_is_one_row() {
        let first = answer(&[("cup", 0.6), ("espresso", 0.3), ("soup", 0.1)]);
        let second = answer(&[("espresso", 0.7), ("cup", 0.2), ("pot", 0.1)]);
        let rows = compare(&first, &second);
        let found: Vec<_> = rows.iter().map(|r| (r.label.as_str(), r.found)).collect();
        assert_eq!(
            found,
            [
                ("cup", Found::Both(at(1, 0.6), at(2, 0.2))),
                ("espresso", Found::Both(at(2, 0.3), at(1, 0.7))),
                ("soup", Found::First(at(3, 0.1))),
                ("pot", Found::Second(at(3, 0.1))),
            ]
        );
    }

    #[test]
    fn two_classes_of_one_name_are_matched_once_each() {
        // ImageNet has two cranes: the bird and the machine.
        let rows = compare(
            &answer(&[("crane", 0.6), ("crane", 0.3)]),
            &answer(&[("crane", 0.9)]),
        );
        assert_eq!(rows[0].found, Found::Both(at(1, 0.6), at(1, 0.9)));
        assert_eq!(rows[1].found, Found::First(at(2, 0.3)));
    }

    #[test]
    fn answers_with_nothing_in_common_have_all_their_labels() {
        let rows = compare(&answer(&[("a", 0.5)]), &answer(&[("b", 0.5)]));
        assert_eq!(rows[1].found.standings(), [None, Some(at(1, 0.5))]);
        assert_eq!(compare(&[], &[]), []);
    }
}
