use conch_shared::tensor::{DataType, Shape};

use crate::backend::BackendError;

/// Why a request gets no answer. The texts are for the client.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    /// The tensor's shape, or the size of its batch, is not the model's.
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
        expected: String,
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
        found: f64,
    },
    /// The request has other tensors than the model's inputs.
    #[error("model {model} takes {expected}; the request has {found}")]
    WrongInputs {
        /// The model.
        model: String,
        /// The names of the inputs, in quotes.
        expected: String,
        /// The names that are there, in quotes.
        found: String,
    },
    /// The model has no such output.
    #[error("unexpected inference output \"{output}\" for model {model}; expected {known}")]
    UnknownOutput {
        /// The model.
        model: String,
        /// The name as asked for.
        output: String,
        /// The names of the outputs.
        known: String,
    },
    /// An output cannot be given in the form that was asked for.
    #[error("model {model}: output {output} is {datatype}, which {what}")]
    NoForm {
        /// The model.
        model: String,
        /// The output.
        output: String,
        /// Its datatype.
        datatype: String,
        /// Why not, and what to do.
        what: &'static str,
    },
    /// There are not that many classes.
    #[error("the query's top_k, the number of labels a photo, must be 1 to {classes}; got {found}")]
    BadTopK {
        /// Classes of the model.
        classes: usize,
        /// What was asked for.
        found: String,
    },
    /// There is no such class.
    #[error("the query's class, the number of a class, must be {expected}; got {found}")]
    BadClass {
        /// Which there are.
        expected: String,
        /// What was asked for.
        found: String,
    },
    /// The backend has no answer.
    #[error(transparent)]
    Backend(#[from] BackendError),
}
