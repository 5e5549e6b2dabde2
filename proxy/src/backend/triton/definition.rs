//! What a replica says that a model is, and whether two replicas mean the same.

use conch_shared::kserve::metadata::ModelMetadata;
use conch_shared::label::LabelSet;
use conch_shared::model::ModelSpec;
use serde_json::Value;

use crate::backend::Model;

/// A model as one replica has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    /// Its tensors.
    pub(super) metadata: ModelMetadata,
    /// Its config in JSON.
    pub(super) config: Value,
    /// What it takes and gives, or why it is no image classifier.
    pub(super) spec: Result<ModelSpec, String>,
    /// Its class names.
    pub(super) labels: LabelSet,
}

/// What Triton fills into a config by the machine that it runs on; it changes no answer.
const OF_THE_MACHINE: [&str; 1] = ["instance_group"];

impl Definition {
    /// Whether a request may go to either of two replicas that have these.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        self.has(&other.metadata, &other.config, &other.labels)
    }

    /// Whether it is the model that somebody was told of.
    pub(super) fn describes(&self, told: &Model) -> bool {
        match (&told.metadata, &told.config) {
            (Some(metadata), Some(config)) => self.has(metadata, config, &told.labels),
            _ => false,
        }
    }

    fn has(&self, metadata: &ModelMetadata, config: &Value, labels: &LabelSet) -> bool {
        (&self.metadata.inputs, &self.metadata.outputs) == (&metadata.inputs, &metadata.outputs)
            && without_machine(&self.config) == without_machine(config)
            && self.labels == *labels
    }
}

fn without_machine(config: &Value) -> Value {
    let mut config = config.clone();
    if let Value::Object(fields) = &mut config {
        fields.retain(|field, _| !OF_THE_MACHINE.contains(&field.as_str()));
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(config: Value) -> Definition {
        Definition {
            metadata: ModelMetadata::default(),
            config,
            spec: Err("none".to_owned()),
            labels: LabelSet::default(),
        }
    }

    #[test]
    fn another_machine_is_no_other_model() {
        let cpu = of(json!({ "name": "m", "instance_group": [{ "kind": "KIND_CPU" }] }));
        let gpu = of(json!({ "name": "m", "instance_group": [{ "kind": "KIND_GPU" }] }));
        assert!(cpu.agrees_with(&gpu));
    }

    #[test]
    fn another_parameter_or_label_is_another_model() {
        let one = of(json!({ "parameters": { "preprocess.mean": "0.5" } }));
        let two = of(json!({ "parameters": { "preprocess.mean": "0.4" } }));
        assert!(!one.agrees_with(&two));
        let mut labelled = one.clone();
        labelled.labels = LabelSet::parse("cat\ndog");
        assert!(!one.agrees_with(&labelled));
    }
}
