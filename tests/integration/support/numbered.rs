use conch_shared::api::Classification;
use conch_shared::tensor::{Shape, Tensor};

use super::Answer;

/// What stands in the three planes of a photo, which no other photo has; the model finds it.
fn planes(number: usize) -> [f32; 3] {
    let number = number as f32;
    [number, -number, number + 0.5]
}

/// A photo that no other is like, which the tiny model tells from all others.
pub(crate) fn numbered(number: usize) -> Tensor {
    let values: Vec<f32> = planes(number)
        .iter()
        .flat_map(|value| [*value; 64])
        .collect();
    Tensor::from_f32(Shape::new([1, 3, 8, 8]), &values).unwrap()
}

/// The answer must be that photo's.
#[track_caller]
pub(crate) fn assert_right(number: usize, answer: &Answer) {
    let answer: Classification = answer.json();
    for found in &answer.results[0] {
        let expected = planes(number)[found.index];
        assert!((found.logit - expected).abs() < 1e-4, "{number}: {found:?}");
    }
    assert_eq!(answer.results[0].len(), 3);
}
