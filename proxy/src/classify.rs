//! From a checked tensor to labels: what a request for a classification means, for every way in
//! (the API, the command line) and every backend.

use conch_shared::api::{Classification, DEFAULT_TOP_K, ModelState};
use conch_shared::kserve::{InferRequest, NamedTensor};
use conch_shared::label;
use conch_shared::model::{Activation, ModelSpec};
use conch_shared::preprocess::normalize;
use conch_shared::tensor::{DataType, Tensor};

use crate::backend::{Backend, BackendError, Job, Model, Timings};
use crate::infer::{self, InferError};

/// Which labels a request wants of each photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The best, so many of them; where nobody said, the usual number, or all there are.
    Best(Option<usize>),
    /// These classes, in this order, however likely they are.
    Classes(Vec<usize>),
}

/// The one tensor of a request, which must be the model's input.
///
/// # Errors
/// When there are others, or it has another name.
pub fn only_input(model: &Model, request: InferRequest) -> Result<Tensor, InferError> {
    let spec = spec(model)?;
    let mut inputs = request.inputs;
    match inputs.pop() {
        Some(input) if inputs.is_empty() && input.name == spec.input.name => Ok(input.tensor),
        last => {
            let names = inputs
                .iter()
                .chain(&last)
                .map(|input| format!("\"{}\"", input.name));
            Err(InferError::WrongInputs {
                model: spec.name.clone(),
                expected: format!("\"{}\"", spec.input.name),
                found: names.collect::<Vec<_>>().join(", "),
            })
        }
    }
}

/// What the model takes; one that cannot run may have none.
fn spec(model: &Model) -> Result<&ModelSpec, BackendError> {
    let unavailable = || {
        let reason = match &model.info.state {
            ModelState::Ready => "what it takes is not known".to_owned(),
            ModelState::Unavailable { reason } => reason.clone(),
        };
        BackendError::Unavailable {
            model: model.info.name.clone(),
            reason,
        }
    };
    model.info.spec.as_ref().ok_or_else(unavailable)
}

/// Classifies a batch of photos: UINT8 pixels, which are normalised here, or what the model takes.
///
/// # Errors
/// When the tensor is not the model's, `wanted` is out of range, or the backend fails.
pub async fn classify(
    backend: &dyn Backend,
    model: &Model,
    input: Tensor,
    wanted: Wanted,
) -> Result<(Classification, Timings), InferError> {
    let name = &model.info.name;
    let spec = spec(model)?;
    check_wanted(spec, &wanted)?;
    let photos = check_shape(spec, &input)?;
    let input = prepare(spec, input).await?;
    let job = Job {
        inputs: vec![NamedTensor {
            name: spec.input.name.clone(),
            tensor: input,
        }],
        outputs: vec![spec.output.name.clone()],
        timeout: None,
    };
    let mut inference = backend.infer(model, None, job).await?;
    let timings = inference.timings;
    let batch = (spec.max_batch_size > 0).then_some(photos);
    let output = infer::check(model, &spec.output.name, batch, &mut inference)?;
    let rows = rows(spec, photos, &output)?;
    let labels = |logits: &[f32], scores: &[f32]| match &wanted {
        Wanted::Best(top_k) => {
            let top_k = top_k.unwrap_or(DEFAULT_TOP_K);
            label::best(logits, scores, &model.labels, top_k)
        }
        Wanted::Classes(classes) => label::of_classes(logits, scores, &model.labels, classes),
    };
    let result = |logits: &[f32]| match spec.activation {
        Activation::Softmax => labels(logits, &label::softmax(logits)),
        Activation::None => labels(logits, logits),
    };
    let classification = Classification {
        model: name.clone(),
        version: inference.version,
        results: rows.chunks(spec.classes).map(result).collect(),
    };
    Ok((classification, timings))
}

/// No more labels than there are, and only classes that there are.
fn check_wanted(spec: &ModelSpec, wanted: &Wanted) -> Result<(), InferError> {
    let classes = spec.classes;
    let bad_class = |expected, found| InferError::BadClass { expected, found };
    match wanted {
        Wanted::Best(Some(top_k)) if !(1..=classes).contains(top_k) => Err(InferError::BadTopK {
            classes,
            found: top_k.to_string(),
        }),
        Wanted::Classes(asked) if asked.len() > classes => Err(bad_class(
            format!("given at most {classes} times"),
            format!("{} of them", asked.len()),
        )),
        Wanted::Classes(asked) => match asked.iter().find(|class| **class >= classes) {
            None => Ok(()),
            Some(class) => Err(bad_class(
                format!("0 to {}", classes.saturating_sub(1)),
                class.to_string(),
            )),
        },
        Wanted::Best(_) => Ok(()),
    }
}

/// How many photos the tensor holds.
fn check_shape(spec: &ModelSpec, input: &Tensor) -> Result<usize, InferError> {
    let photos = input.shape().dims().first().copied().unwrap_or(0);
    let fits = (1..=spec.max_photos()).contains(&photos)
        && *input.shape() == spec.recipe.batch_shape(photos);
    if fits {
        return Ok(photos);
    }
    let one = spec.recipe.batch_shape(1);
    let expected = match spec.max_photos() {
        1 => one.to_string(),
        most => format!("{one} to {}", spec.recipe.batch_shape(most)),
    };
    Err(InferError::WrongShape {
        model: spec.name.clone(),
        input: spec.input.name.clone(),
        expected,
        found: input.shape().clone(),
    })
}

/// The tensor as the model takes it.
async fn prepare(spec: &ModelSpec, input: Tensor) -> Result<Tensor, InferError> {
    let wrong_datatype = |expected: &str, found| InferError::WrongDataType {
        model: spec.name.clone(),
        input: spec.input.name.clone(),
        expected: expected.to_owned(),
        found,
    };
    match (input.datatype(), spec.input.datatype) {
        (DataType::Uint8, DataType::Uint8) => Ok(input),
        (DataType::Fp32, DataType::Fp32) => {
            infer::check_finite(&spec.name, &spec.input.name, &input)?;
            Ok(input)
        }
        (DataType::Uint8, DataType::Fp32) => {
            // A full batch takes milliseconds, too long for a thread that others wait for.
            let recipe = spec.recipe.clone();
            let normalized = tokio::task::spawn_blocking(move || normalize(&input, &recipe)).await;
            let failed = |cause: String| BackendError::Failed {
                model: spec.name.clone(),
                cause,
            };
            let tensor = normalized.map_err(|error| failed(error.to_string()))?;
            Ok(tensor.map_err(|error| failed(error.to_string()))?)
        }
        (found, DataType::Uint8) => Err(wrong_datatype("UINT8", found)),
        (found, _) => Err(wrong_datatype("UINT8 or FP32", found)),
    }
}

/// The values of all photos, one row of `classes` each.
fn rows(spec: &ModelSpec, photos: usize, output: &Tensor) -> Result<Vec<f32>, BackendError> {
    let bad = |cause: String| BackendError::BadAnswer {
        model: spec.name.clone(),
        cause,
    };
    let values = output.to_f32().map_err(|error| bad(error.to_string()))?;
    match values.len() == photos * spec.classes {
        true => Ok(values),
        false => Err(bad(format!(
            "expected {photos} rows of {} classes, found shape {}",
            spec.classes,
            output.shape()
        ))),
    }
}
