//! `config.pbtxt`: protobuf's text format, read with the schema in `proto/model_config.proto`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use miette::Diagnostic;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde::Deserialize;

use super::RepoError;
use super::text_format::{self, Fault, position};

/// Longest config that is read, bytes. Real ones take a few thousand.
const MAX_BYTES: u64 = 256 * 1024;

static DESCRIPTOR: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/model_config.bin"));
    DescriptorPool::decode(bytes.as_slice())
        .ok()
        .and_then(|pool| pool.get_message_by_name("inference.ModelConfig"))
        .expect("build.rs compiled the schema from a file that has ModelConfig")
});

/// The fields of a config that Conch acts on; absent ones have protobuf's defaults.
#[derive(Clone, Debug, Deserialize)]
pub struct ModelConfig {
    /// The model's name; empty leaves it to the folder.
    pub name: String,
    /// `onnxruntime_onnx` for ONNX files.
    pub platform: String,
    /// `onnxruntime` for ONNX files; newer configs say this instead of `platform`.
    pub backend: String,
    /// Most items in a batch; 0 when `dims` is the whole shape.
    pub max_batch_size: i32,
    /// The inputs.
    pub input: Vec<TensorConfig>,
    /// The outputs.
    pub output: Vec<TensorConfig>,
    /// The file in a version's folder; empty leaves it to the backend.
    pub default_model_filename: String,
    /// Free entries, see `conch_shared::model`.
    pub parameters: BTreeMap<String, Parameter>,
}

/// An input or output.
#[derive(Clone, Debug, Deserialize)]
pub struct TensorConfig {
    /// The tensor's name in the graph.
    pub name: String,
    /// `TYPE_FP32`, `TYPE_UINT8`, …
    pub data_type: String,
    /// `FORMAT_NONE`, `FORMAT_NCHW` or `FORMAT_NHWC`; inputs only.
    #[serde(default)]
    pub format: String,
    /// Dimensions, without the batch that `max_batch_size` adds; -1 is any.
    pub dims: Vec<i64>,
    /// What the graph itself sees in place of `dims`.
    #[serde(default)]
    pub reshape: Option<Reshape>,
    /// File of class names, one a line; outputs only.
    #[serde(default)]
    pub label_filename: String,
}

/// Other dimensions for the same values.
#[derive(Clone, Debug, Deserialize)]
pub struct Reshape {
    /// The dimensions.
    pub shape: Vec<i64>,
}

/// One entry of `parameters`.
#[derive(Clone, Debug, Deserialize)]
pub struct Parameter {
    /// The entry's value.
    pub string_value: String,
}

/// Reads a config.
///
/// # Errors
/// When it cannot be read, is too long or too deep, or is no model config; with line and column.
pub(super) fn read(file: &Path) -> Result<ModelConfig, RepoError> {
    let unreadable = |reason| RepoError::File {
        path: file.to_owned(),
        reason,
    };
    let bytes = fs::metadata(file).map_err(unreadable)?.len();
    if bytes > MAX_BYTES {
        return Err(RepoError::Config {
            file: file.to_owned(),
            reason: format!("expected at most {MAX_BYTES} bytes, found {bytes}"),
        });
    }
    let text = fs::read_to_string(file).map_err(unreadable)?;
    parse(&text).map_err(|fault| {
        let (line, column) = position(&text, fault.offset);
        RepoError::Syntax {
            file: file.to_owned(),
            line,
            column,
            reason: fault.reason,
        }
    })
}

fn parse(text: &str) -> Result<ModelConfig, Fault> {
    let prepared = text_format::prepare(text)?;
    let message = DynamicMessage::parse_text_format(DESCRIPTOR.clone(), &prepared.text);
    let message = message.map_err(|error| {
        let label = error.labels().and_then(|mut labels| labels.next());
        Fault {
            // Without a place, the text ended too early.
            offset: label.map_or(text.len(), |label| prepared.original(label.offset())),
            reason: error.to_string(),
        }
    })?;
    typed(&message).map_err(|error| Fault {
        offset: 0,
        reason: error.to_string(),
    })
}

/// The message as Triton prints it in JSON, then as our own type.
fn typed(message: &DynamicMessage) -> Result<ModelConfig, serde_json::Error> {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    let json = message.serialize_with_options(serde_json::value::Serializer, &options)?;
    serde_json::from_value(json)
}
