//! Domain errors into problems.

use conch_shared::kserve::binary::CodecError;
use conch_shared::tensor::TensorError;
use http::StatusCode;

use super::{ApiError, Hint};
use crate::backend::BackendError;
use crate::infer::InferError;

impl From<CodecError> for ApiError {
    fn from(error: CodecError) -> Self {
        let detail = error.to_string();
        let length = |detail| Self::bad("wrong_length", "Wrong length", detail);
        let shape = |detail| Self::bad("wrong_shape", "Wrong shape", detail);
        let header = |detail| Self::bad("bad_header", "Unreadable header", detail);
        match error {
            CodecError::BodyLength { expected, actual } => {
                length(detail).values(bytes(expected), bytes(actual))
            }
            CodecError::Tensor {
                source:
                    TensorError::WrongLength {
                        expected, actual, ..
                    },
                ..
            } => length(detail).values(bytes(expected), bytes(actual)),
            CodecError::Tensor { .. } => shape(detail),
            CodecError::Dimension { found, .. } => {
                shape(detail).values("0 or more", found.to_string())
            }
            CodecError::UnknownDataType { found, .. } => {
                Self::bad("wrong_datatype", "Wrong datatype", detail)
                    .values("a datatype of the protocol", found)
            }
            CodecError::HeaderLength { header_len, limit } => {
                header(detail).values(format!("1 to {limit} bytes"), bytes(header_len))
            }
            CodecError::Source { found, .. } => {
                header(detail).values("data or binary_data_size", found)
            }
            CodecError::SharedMemory { .. } => Self::bad("shared_memory", "Shared memory", detail),
            CodecError::NotInJson { datatype, .. } => {
                Self::bad("wrong_datatype", "Wrong datatype", detail)
                    .values("binary_data_size", datatype.name())
            }
            CodecError::Element {
                datatype, found, ..
            } => Self::bad("wrong_value", "Wrong value", detail).values(datatype.name(), found),
            CodecError::Count {
                expected, found, ..
            } => length(detail).values(elements(expected), elements(found)),
            CodecError::Nesting { limit, .. } => {
                shape(detail).values(format!("lists nested {limit} deep"), "more")
            }
            CodecError::Texts {
                expected, found, ..
            } => Self::bad("wrong_value", "Wrong value", detail).values(expected, found),
            CodecError::Json { .. } | CodecError::NoTensors | CodecError::Twice { .. } => {
                header(detail)
            }
        }
    }
}

fn bytes(count: usize) -> String {
    format!("{count} bytes")
}

fn elements(count: usize) -> String {
    format!("{count} elements")
}

impl From<InferError> for ApiError {
    fn from(error: InferError) -> Self {
        let detail = error.to_string();
        match error {
            InferError::WrongShape {
                expected, found, ..
            } => {
                Self::bad("wrong_shape", "Wrong shape", detail).values(expected, found.to_string())
            }
            InferError::WrongDataType {
                expected, found, ..
            } => Self::bad("wrong_datatype", "Wrong datatype", detail)
                .values(expected, found.to_string()),
            InferError::NotFinite { found, .. } => {
                Self::bad("not_finite", "Not a finite number", detail)
                    .values("finite numbers", found.to_string())
            }
            InferError::WrongInputs {
                expected, found, ..
            } => Self::bad("wrong_inputs", "Wrong tensors", detail).values(expected, found),
            InferError::UnknownOutput { output, known, .. } => {
                Self::bad("unknown_output", "Unknown output", detail).values(known, output)
            }
            InferError::NoForm { datatype, .. } => {
                Self::bad("wrong_datatype", "Wrong datatype", detail)
                    .values("another datatype", datatype)
            }
            InferError::BadTopK { classes, found } => {
                Self::bad("bad_top_k", "Bad top_k", detail).values(format!("1 to {classes}"), found)
            }
            InferError::BadClass { expected, found } => {
                Self::bad("bad_class", "Bad class", detail).values(expected, found)
            }
            InferError::Backend(error) => error.into(),
        }
    }
}

impl From<BackendError> for ApiError {
    fn from(error: BackendError) -> Self {
        let detail = error.to_string();
        let unavailable =
            |code, title, detail| Self::new(StatusCode::SERVICE_UNAVAILABLE, code, title, detail);
        match error {
            BackendError::UnknownModel { model, known } => Self::new(
                StatusCode::NOT_FOUND,
                "unknown_model",
                "Unknown model",
                detail,
            )
            .in_triton_words(format!("Request for unknown model: '{model}' is not found"))
            .values(format!("one of: {}", known.join(", ")), model),
            BackendError::UnknownVersion {
                model,
                version,
                known,
            } => Self::new(
                StatusCode::NOT_FOUND,
                "unknown_version",
                "Unknown version",
                detail,
            )
            .in_triton_words(format!(
                "Request for unknown model: '{model}' version {version} is not found"
            ))
            .values(format!("one of: {}", known.join(", ")), version.to_string()),
            BackendError::Unavailable { .. } => {
                unavailable("model_unavailable", "Model unavailable", detail)
                    .hint(Hint::RetryAfter(1))
            }
            BackendError::Overloaded { .. }
            | BackendError::Busy { .. }
            | BackendError::Expired { .. } => {
                unavailable("overloaded", "Too many requests at once", detail)
                    .hint(Hint::RetryAfter(1))
            }
            BackendError::TimedOut { .. } => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "timed_out",
                "No answer in time",
                detail,
            ),
            BackendError::BadAnswer { cause, .. } => {
                Self::new(StatusCode::BAD_GATEWAY, "bad_answer", "Bad answer", detail).cause(cause)
            }
            BackendError::Broken { cause, .. } => Self::new(
                StatusCode::BAD_GATEWAY,
                "connection_broke",
                "Connection broke",
                detail,
            )
            .cause(cause),
            BackendError::Failed { cause, .. } => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "engine_failed",
                "The engine failed",
                detail,
            )
            .cause(cause),
        }
    }
}
