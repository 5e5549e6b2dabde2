//! What a server says of itself and its models: the bodies of `GET /v2`, `GET /v2/models/{name}`
//! and `POST /v2/repository/index`.

use serde::{Deserialize, Serialize};

/// `GET /v2`: the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerMetadata {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The protocol's extensions that it speaks.
    #[serde(default)]
    pub extensions: Vec<String>,
}

/// `GET /v2/models/{name}`: a model's tensors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelMetadata {
    /// The model's name.
    pub name: String,
    /// The versions that are served, oldest first.
    #[serde(default)]
    pub versions: Vec<String>,
    /// `onnxruntime_onnx` for one.
    #[serde(default)]
    pub platform: String,
    /// What it takes.
    pub inputs: Vec<TensorMetadata>,
    /// What it gives.
    pub outputs: Vec<TensorMetadata>,
}

/// One input or output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorMetadata {
    /// Its name.
    pub name: String,
    /// The protocol's name of its datatype, `FP32` for one.
    pub datatype: String,
    /// Its dimensions, the batch included; -1 is any.
    pub shape: Vec<i64>,
}

/// One entry of `POST /v2/repository/index`: a version of a model, or a model that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The model's name.
    pub name: String,
    /// The version; absent where the model could not be read at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `READY`, `UNAVAILABLE`, `LOADING`, `UNLOADING`; absent where nobody tried to load it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Why it is not ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl IndexEntry {
    /// The state of a version that answers.
    pub const READY: &str = "READY";
    /// The state of one that does not.
    pub const UNAVAILABLE: &str = "UNAVAILABLE";

    /// Whether it answers.
    pub fn is_ready(&self) -> bool {
        self.state.as_deref() == Some(Self::READY)
    }
}
