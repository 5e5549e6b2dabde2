//! What the embedded engine can run at all: ONNX models, one request independent of the other.
//! A Triton may serve others; the shapes of a classifier are checked apart, in `spec`.

use super::ModelConfig;
use super::fault::Fault;

/// Refuses what only a Triton can run.
pub(super) fn check(config: &ModelConfig) -> Result<(), Fault> {
    if config.ensemble_scheduling.is_some() || config.platform == "ensemble" {
        let reason =
            "it is an ensemble of other models, which takes a Triton: conch serve --triton URL";
        return Err(Fault::new("ensemble_scheduling", reason));
    }
    let engine = (config.platform.as_str(), config.backend.as_str());
    if !matches!(engine, ("onnxruntime_onnx", _) | ("", "onnxruntime")) {
        let (platform, backend) = engine;
        let field = if platform.is_empty() {
            "backend"
        } else {
            "platform"
        };
        return Err(Fault::new(
            field,
            format!(
                "it is no ONNX model: expected platform \"onnxruntime_onnx\" or backend \"onnxruntime\", \
                 found platform \"{platform}\" and backend \"{backend}\""
            ),
        ));
    }
    if config.sequence_batching.is_some() {
        let reason = "its requests belong to sequences (sequence_batching), and photos to none: \
            expected dynamic_batching or neither";
        return Err(Fault::new("sequence_batching", reason));
    }
    Ok(())
}
