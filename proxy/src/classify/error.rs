use conch_shared::tensor::{DataType, Shape};

use crate::backend::BackendError;

/// Why photos are not classified. The texts are for the client.
#[derive(Debug, thiserror::Error)]
pub enum ClassifyError {
    /// The tensor is no batch of photos as the model takes them.
    #[error("model {model}: input {input} wants shape {expected}, got {found}")]
    WrongShape {
        /// The model.
        model: String,
        /// The input's name.
        input: String,
        /// The shapes that would do.
        expected: String,
        /// The tensor's.
        found: Shape,
    },
    /// The tensor is of a datatype that the model does not take.
    #[error("model {model}: input {input} wants datatype {expected}, got {found}")]
    WrongDataType {
        /// The model.
        model: String,
        /// The input's name.
        input: String,
        /// The datatypes that would do.
        expected: &'static str,
        /// The tensor's.
        found: DataType,
    },
    /// The tensor holds NaN or infinity.
    #[error(
        "model {model}: input {input} wants finite numbers, got {found} at position {position}"
    )]
    NotFinite {
        /// The model.
        model: String,
        /// The input's name.
        input: String,
        /// Which element, counted from 0.
        position: usize,
        /// What it is.
        found: f32,
    },
    /// The request has other tensors than the model's one input.
    #[error("model {model} takes one tensor, \"{expected}\"; the request has {found}")]
    WrongInputs {
        /// The model.
        model: String,
        /// The input's name.
        expected: String,
        /// The names that are there, in quotes.
        found: String,
    },
    /// There are not that many classes.
    #[error("the query's top_k, the number of labels a photo, must be 1 to {classes}; got {found}")]
    BadTopK {
        /// Classes of the model.
        classes: usize,
        /// What was asked for.
        found: String,
    },
    /// The backend has no answer.
    #[error(transparent)]
    Backend(#[from] BackendError),
}
