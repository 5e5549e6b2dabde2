//! A config in JSON as Triton prints it (`GET /v2/models/{name}/config`): every scalar and list of
//! protobuf's JSON, messages only where they are set, and what Triton fills in when it loads a
//! model. Held against Triton 2.51's own answers in `samples/`.

use serde_json::{Map, Value, json};

use super::ModelConfig;
use super::scheduling::count;
use super::weights::DEFAULT_FILE;

/// Fills in what the config leaves open. `all` is the config's every field in JSON, `config` the
/// same as our own type. Where the two engines differ, this says what ours does: each group's
/// count, and CPUs in place of GPUs.
pub(super) fn as_triton(mut all: Value, config: &ModelConfig, name: &str) -> Value {
    let Some(fields) = all.as_object_mut() else {
        return all;
    };
    fill(fields, "name", name);
    fill(fields, "platform", "onnxruntime_onnx");
    fill(fields, "backend", "onnxruntime");
    fill(fields, "default_model_filename", DEFAULT_FILE);
    fields
        .entry("version_policy")
        .or_insert_with(|| json!({ "latest": { "num_versions": 1 } }));
    optimization(fields);
    if let Some(batching) = fields.get_mut("dynamic_batching")
        && let Some(preferred) = batching["preferred_batch_size"].as_array_mut()
        && preferred.is_empty()
        && config.max_batch_size > 0
    {
        preferred.push(config.max_batch_size.into());
    }
    fields.insert("instance_group".to_owned(), groups(fields, config, name));
    all
}

/// Puts a text where there is none.
fn fill(fields: &mut Map<String, Value>, key: &str, value: &str) {
    let field = fields.entry(key).or_insert_with(|| "".into());
    if field == "" {
        *field = value.into();
    }
}

fn optimization(fields: &mut Map<String, Value>) {
    let optimization = fields.entry("optimization").or_insert_with(|| {
        json!({
            "priority": "PRIORITY_DEFAULT",
            "gather_kernel_buffer_threshold": 0,
            "eager_batching": false,
        })
    });
    if let Some(optimization) = optimization.as_object_mut() {
        for memory in ["input_pinned_memory", "output_pinned_memory"] {
            let enabled = || json!({ "enable": true });
            optimization.entry(memory).or_insert_with(enabled);
        }
    }
}

/// The groups with their names and counts: one of the model's name where the config has none, else
/// the model's name and the group's number where a group has no name.
fn groups(fields: &Map<String, Value>, config: &ModelConfig, name: &str) -> Value {
    if config.instance_group.is_empty() {
        return json!([{
            "name": name, "kind": "KIND_CPU", "count": 1, "gpus": [], "secondary_devices": [],
            "profile": [], "passive": false, "host_policy": "",
        }]);
    }
    let mut groups = fields["instance_group"].clone();
    for (index, group) in config.instance_group.iter().enumerate() {
        if group.name.is_empty() {
            groups[index]["name"] = format!("{name}_{index}").into();
        }
        groups[index]["kind"] = "KIND_CPU".into();
        groups[index]["gpus"] = json!([]);
        groups[index]["count"] = count(group).into();
    }
    groups
}
