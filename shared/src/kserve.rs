//! The KServe v2 inference protocol with Triton's binary tensor extension.
//!
//! A message is a JSON header followed by the tensors' little-endian bytes, in the order of the
//! header; the HTTP header [`HEADER_LENGTH`] gives the JSON's length in bytes. Page, server and
//! Triton speak it, all through [`binary`].

pub mod binary;

use crate::tensor::Tensor;

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

/// An output that a request asks for; its bytes come back in binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedOutput {
    /// The output's name in the model's config.
    pub name: String,
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
    /// The tensors.
    pub outputs: Vec<NamedTensor>,
}
