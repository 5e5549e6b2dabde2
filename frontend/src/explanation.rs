//! What was found out about one answer: which parts of the photo it hangs on.

use std::sync::Arc;

use conch_shared::model::ModelSpec;
use conch_shared::preprocess::crop::Square;

use crate::occlusion::batching::Batching;
use crate::occlusion::heat::{Cells, Heat};
use crate::state::Outcome;

/// An answer's occlusion map, whole or in the making.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Explanation {
    model: Arc<ModelSpec>,
    version: String,
    square: Option<Square>,
    class: usize,
    /// The class's name.
    pub(crate) label: String,
    /// The map.
    pub(crate) heat: Heat,
    /// What was measured while it was made.
    pub(crate) batching: Batching,
}

impl Explanation {
    /// An empty one, of the answer's first label; `None` where the answer has no label.
    pub(crate) fn new(outcome: &Outcome) -> Option<Self> {
        let best = outcome.predictions.first()?;
        Some(Self {
            model: Arc::clone(&outcome.model),
            version: outcome.version.clone(),
            square: outcome.square,
            class: best.index,
            label: best.label.clone(),
            heat: Heat::new(best.score),
            batching: Batching::default(),
        })
    }

    /// Its map; `None` while there is nothing on it.
    pub(crate) fn cells(&self) -> Option<Cells> {
        self.heat.finding()?;
        Some(self.heat.cells())
    }

    /// Whether it explains this answer: of the same model to the same square, with the same first
    /// label.
    pub(crate) fn is_of(&self, outcome: &Outcome) -> bool {
        let class = outcome.predictions.first().map(|best| best.index);
        class == Some(self.class)
            && self.model == outcome.model
            && self.version == outcome.version
            && self.square == outcome.square
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn an_explanation_is_of_one_model_and_one_square() {
        let outcome = example::outcome("espresso", 0.9);
        let explanation = Explanation::new(&outcome).unwrap();
        assert!(explanation.is_of(&outcome));
        assert!((explanation.heat.before() - 0.9).abs() < 1e-6);
        let mut other = Outcome::clone(&outcome);
        other.square = Some(Square {
            left: 0,
            top: 0,
            side: 2,
        });
        assert!(!explanation.is_of(&other));
        let mut other = Outcome::clone(&outcome);
        other.predictions[0].index = 1;
        assert!(!explanation.is_of(&other));
    }
}
