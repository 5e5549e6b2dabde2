//! What came out of a model, checked: a wrong label is worse than none.

use conch_shared::tensor::Tensor;

use super::finite::first_not_finite;
use super::{fits, metadata};
use crate::backend::{BackendError, Inference, Model};

/// Takes an output out of an inference: of the model's datatype and shape, with as many items as
/// the request's `batch` (where the model has one), and finite.
///
/// # Errors
/// [`BackendError::BadAnswer`] for what is not so.
pub(crate) fn check(
    model: &Model,
    name: &str,
    batch: Option<usize>,
    inference: &mut Inference,
) -> Result<Tensor, BackendError> {
    let bad = |cause: String| BackendError::BadAnswer {
        model: model.info.name.clone(),
        cause,
    };
    let outputs = &mut inference.outputs;
    let position = outputs.iter().position(|output| output.name == name);
    let position = position.ok_or_else(|| bad(format!("there is no output \"{name}\"")))?;
    let tensor = outputs.swap_remove(position).tensor;
    let mut outputs = metadata(model)?.outputs.iter();
    let expected = outputs.find(|output| output.name == name);
    let expected = expected.ok_or_else(|| bad(format!("the model has no output \"{name}\"")))?;
    let (datatype, shape) = (tensor.datatype().name(), tensor.shape());
    let batch_fits = batch.is_none_or(|batch| shape.dims().first() == Some(&batch));
    if datatype != expected.datatype || !batch_fits || !fits(&expected.shape, shape.dims()) {
        return Err(bad(format!(
            "expected {} of shape {:?} for a batch of {batch:?}, found {datatype} of shape {shape}",
            expected.datatype, expected.shape
        )));
    }
    match first_not_finite(&tensor) {
        None => Ok(tensor),
        Some((position, value)) => Err(bad(format!("value {position} is {value}"))),
    }
}
