//! Two models side by side.

use conch_shared::label::Prediction;

use super::answer::with_share;
use super::{duration, percent};
use crate::comparison::Found;
use crate::timing::Times;

pub(crate) const TITLE: &str = "Two models on the same photo";
pub(crate) const SECOND: &str = "Second model";
pub(crate) const LABELS: &str = "The labels of both models";
pub(crate) const WAITS: &str = "The first model is asked first.";
pub(crate) const NO_ANSWER: &str =
    "The first model gave no answer that another one could stand beside.";
pub(crate) const ASKING: &str = "Asking both models";
pub(crate) const ABSENT: &str = "not among its five";
pub(crate) const FAILED: &str = "no answer";
pub(crate) const POINTS: &str = "Points are percentage points: the second model's probability less the first's. Labels are matched by their names.";
pub(crate) const ALONE: &str = "The server has no second model that is ready.";
pub(crate) const HOW_TO_ADD: &str = "One more is one more folder in the server's model_repo: NAME/config.pbtxt, NAME/labels.txt, and the weights as NAME/1/model.onnx. Once the server has been started anew, this page notices by itself.";
pub(crate) const LABORATORY: &str = "The laboratory goes through such a folder, line by line";
pub(crate) const LABORATORY_ADDRESS: &str = "lab.html#repository";

/// The model that was chosen as the second does not answer any more.
pub(crate) fn gone(title: &str) -> String {
    format!("{title} is not ready any more. Another one takes its place.")
}

/// The second model does not answer.
pub(crate) fn unavailable(title: &str) -> String {
    format!("{title} does not answer now. The server has been asked what became of it.")
}

/// The version of a model.
pub(crate) fn version(version: &str) -> String {
    format!("version {version}")
}

/// How long a model took, and its request.
pub(crate) fn times(times: &Times) -> String {
    let request = duration(times.answer);
    match (times.server.infer, times.server.upstream) {
        (Some(model), _) => format!("model {}, request {request}", duration(model)),
        (None, Some(triton)) => format!("Triton {}, request {request}", duration(triton)),
        (None, None) => format!("request {request}"),
    }
}

/// Whether the two agree, in a sentence.
pub(crate) fn verdict(titles: &[String; 2], first: &[Prediction], second: &[Prediction]) -> String {
    let (Some(one), Some(other)) = (first.first(), second.first()) else {
        return String::new();
    };
    let [first_title, second_title] = titles;
    if one.label == other.label {
        let shares = [one, other].map(|best| percent(best.score));
        return format!("Both say {}: {} and {}.", one.label, shares[0], shares[1]);
    }
    format!(
        "They disagree: {first_title} says {}, {second_title} says {}.",
        with_share(one),
        with_share(other)
    )
}

/// A label's place in an answer, and its probability.
pub(crate) fn standing(rank: usize, share: &str) -> String {
    format!("{rank}. {share}")
}

/// How a label's two standings differ.
pub(crate) fn mark(found: Found, titles: &[String; 2]) -> String {
    match found {
        Found::First(_) => format!("only {}", titles[0]),
        Found::Second(_) => format!("only {}", titles[1]),
        Found::Both(first, second) => {
            let points = 100.0 * (second.score - first.score);
            let points = format!("{points:+.1} points").replace('-', "−");
            match first.rank == second.rank {
                true => format!("same place, {points}"),
                false => format!("place {} → {}, {points}", first.rank, second.rank),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::Standing;

    fn best(label: &str, score: f32) -> [Prediction; 1] {
        [Prediction {
            index: 0,
            label: label.into(),
            score,
            logit: 0.0,
        }]
    }

    #[test]
    fn a_sentence_says_whether_they_agree() {
        let titles = ["A".to_owned(), "B".to_owned()];
        let says = |one: &[Prediction], other: &[Prediction]| verdict(&titles, one, other);
        assert_eq!(
            says(&best("cup", 0.5), &best("cup", 0.25)),
            "Both say cup: 50.0 % and 25.0 %."
        );
        assert_eq!(
            says(&best("cup", 0.5), &best("pot", 0.25)),
            "They disagree: A says cup (50.0 %), B says pot (25.0 %)."
        );
    }

    #[test]
    fn differences_are_told_in_places_and_points() {
        let titles = ["A".to_owned(), "B".to_owned()];
        let at = |rank, score| Standing { rank, score };
        let says = |found| mark(found, &titles);
        assert_eq!(
            says(Found::Both(at(2, 0.5), at(1, 0.25))),
            "place 2 → 1, −25.0 points"
        );
        assert_eq!(
            says(Found::Both(at(1, 0.5), at(1, 0.75))),
            "same place, +25.0 points"
        );
        assert_eq!(says(Found::Second(at(1, 0.5))), "only B");
    }
}
