//! What the v2 protocol asks of a model: from a request to a [`Job`] that fits it, and from what
//! came out of it to an answer; for every backend.

mod answer;
mod classification;
mod error;
mod finite;

use conch_shared::kserve::metadata::{ModelMetadata, TensorMetadata};
use conch_shared::kserve::{InferRequest, InferResponse, NamedTensor, RequestedOutput};
use conch_shared::tensor::{DataType, Tensor};
use serde_json::Value;

use crate::backend::{self, Backend, BackendError, Job, Model, Timings};
pub(crate) use answer::check;
pub use error::InferError;
pub(crate) use finite::{check_finite, first_not_finite};

/// Runs a request on a version of a model, without a choice on the newest that is ready.
///
/// # Errors
/// When the request does not fit the model, or the backend fails.
pub async fn infer(
    backend: &dyn Backend,
    model: &Model,
    version: Option<u64>,
    request: InferRequest,
) -> Result<(InferResponse, Timings), InferError> {
    let metadata = metadata(model)?;
    let batch = check_inputs(model, metadata, &request.inputs)?;
    let wanted = wanted(metadata, &request)?;
    let job = Job {
        inputs: request.inputs,
        outputs: wanted.iter().map(|output| output.name.clone()).collect(),
        timeout: request.timeout,
    };
    let mut inference = backend.infer(model, version, job).await?;
    let mut outputs = Vec::with_capacity(wanted.len());
    for output in &wanted {
        let tensor = check(model, &output.name, batch, &mut inference)?;
        outputs.push(classification::output(model, output, batch, tensor));
    }
    let response = InferResponse {
        model_name: model.info.name.clone(),
        model_version: inference.version,
        id: request.id.filter(|id| !id.is_empty()),
        outputs,
    };
    Ok((response, inference.timings))
}

/// The model's tensors; one whose config cannot be read has none.
fn metadata(model: &Model) -> Result<&ModelMetadata, BackendError> {
    let unavailable = || BackendError::Unavailable {
        model: model.info.name.clone(),
        reason: "what it takes is not known".to_owned(),
    };
    model.metadata.as_ref().ok_or_else(unavailable)
}

/// The most items of a batch; `None` where a tensor's first dimension is no batch.
fn max_batch_size(model: &Model) -> Option<usize> {
    let size = backend::max_batch_size(model.config.as_ref()?);
    Some(size).filter(|size| *size > 0)
}

/// Whether the config lets requests leave this input out.
fn is_optional(model: &Model, input: &str) -> bool {
    let inputs = model.config.as_ref().and_then(|config| config.get("input"));
    let mut inputs = inputs.and_then(Value::as_array).into_iter().flatten();
    inputs.any(|entry| entry["name"] == input && entry["optional"] == true)
}

/// Checks each input against the model's; gives the size of the batch, where the model has one.
fn check_inputs(
    model: &Model,
    metadata: &ModelMetadata,
    inputs: &[NamedTensor],
) -> Result<Option<usize>, InferError> {
    let names = |names: &mut dyn Iterator<Item = &String>| {
        let quoted: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
        quoted.join(", ")
    };
    let has = |expected: &TensorMetadata| inputs.iter().any(|input| input.name == expected.name);
    let known = |input: &NamedTensor| {
        metadata
            .inputs
            .iter()
            .any(|tensor| tensor.name == input.name)
    };
    let missing = |expected: &TensorMetadata| !has(expected) && !is_optional(model, &expected.name);
    if metadata.inputs.iter().any(missing) || !inputs.iter().all(known) {
        return Err(InferError::WrongInputs {
            model: metadata.name.clone(),
            expected: names(&mut metadata.inputs.iter().map(|input| &input.name)),
            found: names(&mut inputs.iter().map(|input| &input.name)),
        });
    }
    let max_batch_size = max_batch_size(model);
    let mut batch = None;
    for NamedTensor { name, tensor } in inputs {
        let mut of_name = metadata.inputs.iter().filter(|input| input.name == *name);
        if let Some(expected) = of_name.next() {
            check_input(&metadata.name, expected, max_batch_size, batch, tensor)?;
        }
        if max_batch_size.is_some() {
            batch = tensor.shape().dims().first().copied();
        }
    }
    Ok(batch)
}

/// Checks datatype, shape and values. `batch` is what the inputs before it have.
fn check_input(
    model: &str,
    expected: &TensorMetadata,
    max_batch_size: Option<usize>,
    batch: Option<usize>,
    tensor: &Tensor,
) -> Result<(), InferError> {
    if expected.datatype != tensor.datatype().name() {
        return Err(InferError::WrongDataType {
            model: model.to_owned(),
            input: expected.name.clone(),
            expected: expected.datatype.clone(),
            found: tensor.datatype(),
        });
    }
    let most = batch.or(max_batch_size);
    let items = tensor.shape().dims().first().copied().unwrap_or_default();
    let batch_fits = most.is_none_or(|most| (batch.unwrap_or(1)..=most).contains(&items));
    if !batch_fits || !fits(&expected.shape, tensor.shape().dims()) {
        let dims: Vec<String> = expected.shape.iter().map(i64::to_string).collect();
        let shape = format!("[{}]", dims.join(", "));
        let expected_shape = match (batch, most) {
            (Some(batch), _) => format!("{shape} with a batch of {batch}, as the inputs before it"),
            (None, Some(most)) => format!("{shape} with a batch of 1 to {most}"),
            (None, None) => shape,
        };
        return Err(InferError::WrongShape {
            model: model.to_owned(),
            input: expected.name.clone(),
            expected: expected_shape,
            found: tensor.shape().clone(),
        });
    }
    check_finite(model, &expected.name, tensor)
}

/// Whether a shape is one that the metadata allows: -1 is any.
fn fits(expected: &[i64], dims: &[usize]) -> bool {
    let same =
        |(expected, dim): (&i64, &usize)| *expected == -1 || usize::try_from(*expected) == Ok(*dim);
    expected.len() == dims.len() && expected.iter().zip(dims).all(same)
}

/// The outputs that the request asks for, in the model's order and each once, as Triton does it:
/// of one that is asked for twice, the first counts.
fn wanted(
    metadata: &ModelMetadata,
    request: &InferRequest,
) -> Result<Vec<RequestedOutput>, InferError> {
    let model = || metadata.name.clone();
    let is_output = |name: &str| metadata.outputs.iter().any(|output| output.name == name);
    let mut asked = request.outputs.iter();
    if let Some(unknown) = asked.find(|output| !is_output(&output.name)) {
        let names = metadata.outputs.iter().map(|output| output.name.clone());
        return Err(InferError::UnknownOutput {
            model: model(),
            output: unknown.name.clone(),
            known: names.collect::<Vec<_>>().join(", "),
        });
    }
    let mut wanted = Vec::new();
    for TensorMetadata { name, datatype, .. } in &metadata.outputs {
        let asked = request.outputs.iter().find(|output| output.name == *name);
        let whole = || RequestedOutput {
            name: name.clone(),
            binary: request.binary_output,
            classification: 0,
        };
        let output = match asked {
            Some(output) => output.clone(),
            None if request.outputs.is_empty() => whole(),
            None => continue,
        };
        let refused = |what| InferError::NoForm {
            model: model(),
            output: name.clone(),
            datatype: datatype.clone(),
            what,
        };
        if output.classification > 0 && !classification::has_classes(datatype) {
            return Err(refused("has no classes"));
        }
        if !output.binary && output.classification == 0 && !has_json_form(datatype) {
            return Err(refused("has no form in JSON; ask for it in binary"));
        }
        wanted.push(output);
    }
    Ok(wanted)
}

fn has_json_form(datatype: &str) -> bool {
    // Texts have one.
    DataType::from_name(datatype).is_none_or(DataType::has_json_form)
}
