//! A model's tensors as the v2 protocol tells them (`GET /v2/models/{name}`).

use conch_shared::kserve::metadata::{ModelMetadata, TensorMetadata};

use super::ModelConfig;
use super::config_pbtxt::TensorConfig;

/// What Triton says of a model with this config; `versions` are those that are served.
pub(super) fn of(config: &ModelConfig, name: &str, versions: Vec<String>) -> ModelMetadata {
    let tensors = |tensors: &[TensorConfig]| -> Vec<TensorMetadata> {
        let batched = config.max_batch_size > 0;
        tensors
            .iter()
            .map(|tensor| of_tensor(tensor, batched))
            .collect()
    };
    ModelMetadata {
        name: name.to_owned(),
        versions,
        // Triton fills it in where the config has the backend alone.
        platform: "onnxruntime_onnx".to_owned(),
        inputs: tensors(&config.input),
        outputs: tensors(&config.output),
    }
}

/// The client's view: `dims` and not `reshape`, which is between Triton and the graph.
fn of_tensor(tensor: &TensorConfig, batched: bool) -> TensorMetadata {
    let batch = batched.then_some(-1);
    TensorMetadata {
        name: tensor.name.clone(),
        datatype: match tensor.data_type.trim_start_matches("TYPE_") {
            "STRING" => "BYTES".to_owned(),
            name => name.to_owned(),
        },
        shape: batch
            .into_iter()
            .chain(tensor.dims.iter().copied())
            .collect(),
    }
}
