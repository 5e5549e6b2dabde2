//! Whether what came over the wire is the answer that the photo got.

use conch_shared::label::{softmax, top_k};
use conch_shared::model::{Activation, ModelSpec};

use super::input::Input;
use crate::state::Outcome;

/// Probabilities that differ by less are the same: a unit of the last digit that the page shows.
const CLOSE: f64 = 1e-6;

/// How an answer stands to the laboratory's numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Agreement {
    /// The same classes, in the same order, with the same probabilities.
    Same,
    /// It is another model's, of this title.
    OtherModel(String),
    /// It is of another square of the photo.
    OtherSquare,
    /// It names other classes, or these in another order.
    OtherClasses,
    /// Its probabilities are others, by so much at most.
    OtherShares(f64),
}

/// The probabilities that an answer would have: the softmax, unless the model has it inside.
pub(crate) fn shares(model: &ModelSpec, logits: &[f32]) -> Vec<f32> {
    match model.activation {
        Activation::Softmax => softmax(logits),
        Activation::None => logits.to_vec(),
    }
}

/// Holds an answer against the logits of an input.
pub(crate) fn agreement(answer: &Outcome, input: &Input, logits: &[f32]) -> Agreement {
    if answer.model.name != input.model.name {
        return Agreement::OtherModel(answer.model.display.title.clone());
    }
    if answer.square != input.square {
        return Agreement::OtherSquare;
    }
    let classes = answer.predictions.iter().map(|one| one.index);
    if !classes.eq(top_k(logits, answer.predictions.len())) {
        return Agreement::OtherClasses;
    }
    let shares = shares(&input.model, logits);
    let difference = answer
        .predictions
        .iter()
        .map(|one| (f64::from(one.score) - f64::from(shares[one.index])).abs());
    match difference.fold(0.0, f64::max) {
        most if most < CLOSE => Agreement::Same,
        most => Agreement::OtherShares(most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use conch_shared::preprocess::crop::Square;

    const LOGITS: [f32; 3] = [1.0, -2.0, 3.0];

    /// An answer that names the two best classes with these probabilities, and its input.
    fn answered(scores: [f32; 2]) -> (Outcome, Input) {
        let mut answer = (*example::outcome("cup", 0.0)).clone();
        let [first] = <[_; 1]>::try_from(answer.predictions).unwrap();
        answer.predictions = [2, 0]
            .into_iter()
            .zip(scores)
            .map(|(index, score)| conch_shared::label::Prediction {
                index,
                score,
                ..first.clone()
            })
            .collect();
        let input = Input::new(example::model(), answer.prepared.clone(), None);
        (answer, input)
    }

    fn scores() -> [f32; 2] {
        let shares = softmax(&LOGITS);
        [shares[2], shares[0]]
    }

    #[test]
    fn an_answer_of_the_same_numbers_is_the_same() {
        let (answer, input) = answered(scores());
        assert_eq!(agreement(&answer, &input, &LOGITS), Agreement::Same);
    }

    #[test]
    fn other_probabilities_are_told_by_how_much() {
        let [first, second] = scores();
        let (answer, input) = answered([first, second + 0.01]);
        match agreement(&answer, &input, &LOGITS) {
            Agreement::OtherShares(most) => assert!((most - 0.01).abs() < 1e-6, "{most}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_answer_was_given_for_goes_before_its_numbers() {
        let (mut answer, input) = answered(scores());
        assert_eq!(
            agreement(&answer, &input, &[9.0, 0.0, 0.0]),
            Agreement::OtherClasses
        );
        answer.square = Some(Square {
            left: 0,
            top: 0,
            side: 2,
        });
        assert_eq!(agreement(&answer, &input, &LOGITS), Agreement::OtherSquare);
        let mut model = example::model();
        model.name = "other".into();
        let input = Input::new(model, answer.prepared.clone(), None);
        let other = Agreement::OtherModel("M".into());
        assert_eq!(agreement(&answer, &input, &LOGITS), other);
    }
}
