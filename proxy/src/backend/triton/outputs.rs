//! What an inference's answer must look like, by the model's metadata, and whether one does.

use conch_shared::kserve::binary::{self, MAX_HEADER};
use conch_shared::kserve::metadata::{ModelMetadata, TensorMetadata};
use conch_shared::kserve::{NamedTensor, Output, Values};
use conch_shared::tensor::{DataType, Shape};
use http::StatusCode;

use super::client::{Answer, clip};
use super::fault::Fault;
use crate::infer::first_not_finite;

/// Most bytes of an output that may have any size, bytes.
const MAX_ANY_SIZE: usize = 16 * 1024 * 1024;

/// The outputs of a model.
#[derive(Clone, Debug, Default)]
pub(super) struct Outputs(Vec<Expected>);

/// One output.
#[derive(Clone, Debug)]
struct Expected {
    name: String,
    /// Absent where Conch has none for it.
    datatype: Option<DataType>,
    dims: Vec<Dim>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dim {
    /// As many as the request's batch.
    Batch,
    /// So many.
    Size(usize),
    /// The model decides.
    Any,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The model.
    pub(super) model: &'a str,
    /// Its version.
    pub(super) version: u64,
    /// The outputs, by name.
    pub(super) outputs: &'a [String],
    /// Items in the batch.
    pub(super) batch: usize,
}

impl Outputs {
    /// Those of a model; `batched` where the first dimension is the request's batch.
    pub(super) fn of(metadata: &ModelMetadata, batched: bool) -> Self {
        let expected = |output: &TensorMetadata| Expected {
            name: output.name.clone(),
            datatype: DataType::from_name(&output.datatype),
            dims: output
                .shape
                .iter()
                .enumerate()
                .map(|(at, size)| match usize::try_from(*size) {
                    _ if batched && at == 0 => Dim::Batch,
                    Ok(size) => Dim::Size(size),
                    Err(_) => Dim::Any,
                })
                .collect(),
        };
        Self(metadata.outputs.iter().map(expected).collect())
    }

    /// Most bytes that an answer can take.
    pub(super) fn limit(&self, asked: Asked<'_>) -> usize {
        let bytes = asked.outputs.iter().filter_map(|name| self.get(name));
        let bytes = bytes.map(|output| output.bytes(asked.batch).unwrap_or(MAX_ANY_SIZE));
        bytes.fold(MAX_HEADER, usize::saturating_add)
    }

    fn get(&self, name: &str) -> Option<&Expected> {
        self.0.iter().find(|output| output.name == name)
    }

    /// The tensors of an answer that is what was asked for.
    ///
    /// # Errors
    /// On any other answer: one that refuses, or does not add up.
    pub(super) fn check(
        &self,
        answer: &Answer,
        asked: Asked<'_>,
    ) -> Result<Vec<NamedTensor>, Fault> {
        if answer.status != StatusCode::OK {
            return Err(refusal(answer));
        }
        let Some(header_len) = answer.header_len else {
            let start = answer.start();
            return Err(Fault::Nonsense(format!(
                "expected a binary answer, found {start:?}"
            )));
        };
        let response = binary::decode_response(&answer.body, header_len);
        let response = response.map_err(|error| Fault::Nonsense(error.to_string()))?;
        let version = asked.version.to_string();
        if response.model_name != asked.model || response.model_version != version {
            return Err(Fault::Nonsense(format!(
                "asked model {} version {version}, {:?} version {:?} answered",
                asked.model,
                clip(&response.model_name),
                clip(&response.model_version)
            )));
        }
        if response.outputs.len() != asked.outputs.len() {
            return Err(Fault::Nonsense(format!(
                "asked for {} outputs, found {}",
                asked.outputs.len(),
                response.outputs.len()
            )));
        }
        let outputs = response.outputs.into_iter();
        outputs.map(|output| self.tensor(output, asked)).collect()
    }

    fn tensor(&self, output: Output, asked: Asked<'_>) -> Result<NamedTensor, Fault> {
        let Output { name, values, .. } = output;
        let nonsense = |what: String| Fault::Nonsense(format!("output {:?}: {what}", clip(&name)));
        let expected = self.get(&name).filter(|_| asked.outputs.contains(&name));
        let Some(expected) = expected else {
            return Err(nonsense("nobody asked for it".to_owned()));
        };
        let tensor = match values {
            Values::Tensor(tensor) => tensor,
            Values::Strings(_) => return Err(nonsense("expected numbers, found texts".to_owned())),
        };
        if Some(tensor.datatype()) != expected.datatype {
            let found = tensor.datatype();
            return Err(nonsense(format!(
                "expected {:?}, found {found}",
                expected.datatype
            )));
        }
        if !expected.fits(tensor.shape(), asked.batch) {
            let (found, expected) = (tensor.shape(), expected.dims(asked.batch));
            return Err(nonsense(format!("expected {expected}, found {found}")));
        }
        match first_not_finite(&tensor) {
            Some((at, value)) => Err(Fault::NotFinite(format!(
                "output {name:?}: value {at} is {value}"
            ))),
            None => Ok(NamedTensor { name, tensor }),
        }
    }
}

impl Expected {
    /// Bytes of it, where that is known.
    fn bytes(&self, batch: usize) -> Option<usize> {
        let size = |dim: &Dim| match dim {
            Dim::Batch => Some(batch),
            Dim::Size(size) => Some(*size),
            Dim::Any => None,
        };
        let dims: Option<Vec<usize>> = self.dims.iter().map(size).collect();
        Shape::new(dims?).byte_len(self.datatype?)
    }

    fn fits(&self, shape: &Shape, batch: usize) -> bool {
        let fits = |(dim, size): (&Dim, &usize)| match dim {
            Dim::Batch => *size == batch,
            Dim::Size(expected) => size == expected,
            Dim::Any => true,
        };
        shape.dims().len() == self.dims.len() && self.dims.iter().zip(shape.dims()).all(fits)
    }

    /// The shape for people.
    fn dims(&self, batch: usize) -> String {
        let dim = |dim: &Dim| match dim {
            Dim::Batch => batch.to_string(),
            Dim::Size(size) => size.to_string(),
            Dim::Any => "any".to_owned(),
        };
        let dims: Vec<String> = self.dims.iter().map(dim).collect();
        format!("[{}]", dims.join(", "))
    }
}

/// What an answer says that is no 200. Triton puts its reason into `{"error": "…"}`; whoever does
/// not is none.
fn refusal(answer: &Answer) -> Fault {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
    }
    let status = answer.status;
    let Ok(Refusal { error }) = serde_json::from_slice(&answer.body) else {
        let start = answer.start();
        return Fault::Nonsense(format!("status {status}, not in Triton's words: {start:?}"));
    };
    let words = clip(&error);
    match status {
        // Triton's words are "Exceeds maximum queue size", "Request timeout expired", and of a
        // model that is being loaded or unloaded "… is not at ready state".
        StatusCode::SERVICE_UNAVAILABLE if words.contains("ready state") => Fault::Gone(words),
        StatusCode::SERVICE_UNAVAILABLE if words.contains("timeout") => Fault::Expired(words),
        StatusCode::SERVICE_UNAVAILABLE => Fault::Busy(words),
        StatusCode::NOT_FOUND => Fault::Gone(words),
        _ if status.is_client_error() => Fault::Refused { status, words },
        _ if status.is_server_error() => Fault::Failed { status, words },
        _ => Fault::Nonsense(format!("status {status}: {words:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(shape: &[i64]) -> ModelMetadata {
        ModelMetadata {
            outputs: vec![TensorMetadata {
                name: "output".to_owned(),
                datatype: "FP32".to_owned(),
                shape: shape.to_vec(),
            }],
            ..ModelMetadata::default()
        }
    }

    fn limit(shape: &[i64], batched: bool) -> usize {
        let asked = Asked {
            model: "m",
            version: 1,
            outputs: &["output".to_owned()],
            batch: 3,
        };
        Outputs::of(&metadata(shape), batched).limit(asked) - MAX_HEADER
    }

    #[test]
    fn an_answer_may_take_what_its_outputs_take() {
        assert_eq!(limit(&[-1, 1000], true), 12_000);
        assert_eq!(limit(&[1, 1000], false), 4000);
        assert_eq!(limit(&[-1, 1000], false), MAX_ANY_SIZE);
        assert_eq!(limit(&[i64::MAX, i64::MAX], false), MAX_ANY_SIZE);
    }

    #[test]
    fn a_503_is_a_full_queue_a_late_request_or_a_model_that_is_not_ready() {
        let fault = |words: &str| {
            refusal(&Answer {
                status: StatusCode::SERVICE_UNAVAILABLE,
                header_len: None,
                body: serde_json::json!({ "error": words }).to_string().into(),
            })
        };
        assert!(matches!(
            fault("Exceeds maximum queue size"),
            Fault::Busy(_)
        ));
        assert!(matches!(
            fault("Request timeout expired"),
            Fault::Expired(_)
        ));
        let unready = "in ensemble: 'm' version 1 is not at ready state";
        assert!(matches!(fault(unready), Fault::Gone(_)));
    }
}
