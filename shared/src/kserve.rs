//! The KServe v2 inference protocol with Triton's binary tensor extension.
//!
//! A message is a JSON header followed by the tensors' little-endian bytes, in the order of the
//! header; the HTTP header [`HEADER_LENGTH`] gives the JSON's length in bytes. Page, server and
//! Triton speak it, all through [`binary`].

pub mod binary;
mod error;
mod json;
pub mod metadata;
pub mod statistics;
mod texts;

use crate::tensor::{Shape, Tensor};

/// The HTTP header that gives the length of the JSON in front of the tensors, in bytes.
pub const HEADER_LENGTH: &str = "inference-header-content-length";

/// A tensor and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The input's or output's name in the model's config.
    pub name: String,
    /// What it holds.
    pub tensor: Tensor,
}

/// A tensor of texts: the datatype `BYTES`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strings {
    /// The sizes of the dimensions; their product is the number of `values`.
    pub shape: Shape,
    /// The texts, row-major.
    pub values: Vec<String>,
}

/// What an output holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers.
    Tensor(Tensor),
    /// Texts, `score:index:label` of the classification extension for one.
    Strings(Strings),
}

/// An output of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The output's name in the model's config.
    pub name: String,
    /// What it holds.
    pub values: Values,
    /// Whether its values go in binary behind the JSON, or in the JSON.
    pub binary: bool,
}

/// An output that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedOutput {
    /// The output's name in the model's config.
    pub name: String,
    /// Whether its values are wanted in binary (`binary_data`).
    pub binary: bool,
    /// The classification extension: that many best classes as texts in place of the values;
    /// 0 asks for the values.
    pub classification: usize,
}

/// A request for inference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InferRequest {
    /// The client's own name for the request; the response repeats it.
    pub id: Option<String>,
    /// The tensors, at least one, each name once.
    pub inputs: Vec<NamedTensor>,
    /// The outputs asked for; all of them when empty.
    pub outputs: Vec<RequestedOutput>,
    /// Whether all outputs are wanted in binary, where `outputs` names none (`binary_data_output`).
    pub binary_output: bool,
    /// How long the request may wait in a queue, microseconds (`timeout`), where the model's
    /// config lets requests say.
    pub timeout: Option<u64>,
}

/// An answer with the model's outputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InferResponse {
    /// The model that answered.
    pub model_name: String,
    /// Its version.
    pub model_version: String,
    /// The request's id, where it had one.
    pub id: Option<String>,
    /// What it says.
    pub outputs: Vec<Output>,
}
