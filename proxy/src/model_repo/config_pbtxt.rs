//! `config.pbtxt`: protobuf's text format, read with the schema in `proto/model_config.proto`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use miette::Diagnostic;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::places::Places;
use super::text_format::{self, SyntaxFault, position};
use super::{RepoError, bounded};

/// Longest config that is read, bytes. Real ones take a few thousand.
const MAX_BYTES: u64 = 256 * 1024;

static DESCRIPTOR: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/model_config.bin"));
    DescriptorPool::decode(bytes.as_slice())
        .ok()
        .and_then(|pool| pool.get_message_by_name("inference.ModelConfig"))
        .expect("build.rs compiled the schema from a file that has ModelConfig")
});

/// The schema of a config.
pub(super) fn schema() -> MessageDescriptor {
    DESCRIPTOR.clone()
}

/// The fields of a config that Conch acts on; absent ones have protobuf's defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ModelConfig {
    /// The model's name; empty leaves it to the folder.
    pub name: String,
    /// `onnxruntime_onnx` for ONNX files.
    pub platform: String,
    /// `onnxruntime` for ONNX files; newer configs say this instead of `platform`.
    pub backend: String,
    /// Which versions are served; absent is the latest.
    pub version_policy: Option<VersionPolicy>,
    /// Most items in a batch; 0 when `dims` is the whole shape.
    pub max_batch_size: i32,
    /// The inputs.
    pub input: Vec<TensorConfig>,
    /// The outputs.
    pub output: Vec<TensorConfig>,
    /// How requests that wait become a batch; absent where each runs by itself.
    pub dynamic_batching: Option<DynamicBatching>,
    /// There when requests belong to sequences.
    pub sequence_batching: Option<IgnoredAny>,
    /// There when the model is made of others.
    pub ensemble_scheduling: Option<IgnoredAny>,
    /// How many graphs run, and on what.
    pub instance_group: Vec<InstanceGroup>,
    /// The file in a version's folder; empty leaves it to the backend.
    pub default_model_filename: String,
    /// Free entries, see `conch_shared::model`.
    pub parameters: BTreeMap<String, Parameter>,
}

/// An input or output.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TensorConfig {
    /// The tensor's name in the graph.
    pub name: String,
    /// `TYPE_FP32`, `TYPE_UINT8`, …
    #[serde(deserialize_with = "enum_value")]
    pub data_type: String,
    /// `FORMAT_NONE`, `FORMAT_NCHW` or `FORMAT_NHWC`; inputs only.
    #[serde(deserialize_with = "enum_value")]
    pub format: String,
    /// Dimensions, without the batch that `max_batch_size` adds; -1 is any.
    pub dims: Vec<i64>,
    /// What the graph itself sees in place of `dims`.
    pub reshape: Option<Reshape>,
    /// File of class names, one a line; outputs only.
    pub label_filename: String,
}

/// Other dimensions for the same values.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reshape {
    /// The dimensions.
    pub shape: Vec<i64>,
}

/// Which of the versions in a model's folder are served; without a choice, all of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct VersionPolicy {
    /// The highest numbers.
    pub latest: Option<Latest>,
    /// Those that are listed.
    pub specific: Option<Specific>,
}

/// The versions with the highest numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Latest {
    /// How many.
    pub num_versions: u32,
}

/// The versions of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Specific {
    /// The list.
    pub versions: Vec<i64>,
}

/// How requests that wait become a batch.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DynamicBatching {
    /// Sizes to run at once when they are reached, in items.
    pub preferred_batch_size: Vec<i32>,
    /// How long to wait for a preferred size, microseconds.
    pub max_queue_delay_microseconds: u64,
    /// How many classes of urgency requests have; 0 is one.
    pub priority_levels: u64,
    /// The limits of the queue.
    pub default_queue_policy: Option<QueuePolicyConfig>,
}

/// The limits of a queue; 0 is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct QueuePolicyConfig {
    /// `REJECT` or `DELAY`.
    #[serde(deserialize_with = "enum_value")]
    pub timeout_action: String,
    /// Longest wait, microseconds.
    pub default_timeout_microseconds: u64,
    /// Whether a request may bring a shorter one.
    pub allow_timeout_override: bool,
    /// Most requests that wait.
    pub max_queue_size: u32,
}

/// Some graphs that run side by side.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InstanceGroup {
    /// The group's name.
    pub name: String,
    /// `KIND_CPU`, `KIND_GPU`, …
    #[serde(deserialize_with = "enum_value")]
    pub kind: String,
    /// How many.
    pub count: i32,
}

/// One entry of `parameters`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// The entry's value.
    pub string_value: String,
}

/// The name of an enum's value. The text format takes numbers, too; one that has no name in the
/// schema stays a number.
fn enum_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Name {
        Known(String),
        Unknown(i32),
    }
    Ok(match Name::deserialize(deserializer)? {
        Name::Known(name) => name,
        Name::Unknown(number) => number.to_string(),
    })
}

/// A config that was read.
pub(super) struct Read {
    pub(super) config: ModelConfig,
    /// All of its fields, with their defaults, in JSON.
    pub(super) json: Value,
    pub(super) places: Places,
    /// The file as it is.
    pub(super) text: String,
}

/// Reads a config of the model in folder `model`.
///
/// # Errors
/// When it cannot be read, is too long or too deep, or is no model config; with line and column.
pub(super) fn read(file: &Path, model: &str) -> Result<Read, RepoError> {
    let bytes = bounded::read(file, MAX_BYTES).map_err(|reason| RepoError::File {
        path: file.to_owned(),
        reason,
    })?;
    let bytes = bytes.map_err(|long| RepoError::Config {
        file: file.to_owned(),
        line: Some(position(&long.beginning, long.beginning.len()).0),
        reason: long.to_string(),
    })?;
    let syntax = |bytes: &[u8], fault: SyntaxFault| {
        let (line, column) = position(bytes, fault.offset);
        RepoError::Syntax {
            file: file.to_owned(),
            line,
            column,
            reason: fault.reason,
        }
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let fault = SyntaxFault {
            offset: error.utf8_error().valid_up_to(),
            reason: "expected a text in UTF-8".to_owned(),
        };
        syntax(error.as_bytes(), fault)
    })?;
    let (json, config) = parse(&text).map_err(|fault| syntax(text.as_bytes(), fault))?;
    Ok(Read {
        config,
        json,
        places: Places::scan(format!("{model}/config.pbtxt"), &text),
        text,
    })
}

pub(super) fn parse(text: &str) -> Result<(Value, ModelConfig), SyntaxFault> {
    let prepared = text_format::prepare(text)?;
    let message = DynamicMessage::parse_text_format(schema(), &prepared.text);
    let message = message.map_err(|error| {
        let label = error.labels().and_then(|mut labels| labels.next());
        SyntaxFault {
            // Without a place, the text ended too early.
            offset: label.map_or(text.len(), |label| prepared.original(label.offset())),
            reason: error.to_string(),
        }
    })?;
    in_json(&message).map_err(|error| SyntaxFault {
        offset: 0,
        reason: error.to_string(),
    })
}

/// The message as Triton prints it in JSON, and as our own type.
fn in_json(message: &DynamicMessage) -> Result<(Value, ModelConfig), serde_json::Error> {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    let json = message.serialize_with_options(serde_json::value::Serializer, &options)?;
    let config = ModelConfig::deserialize(&json)?;
    Ok((json, config))
}
