//! The fake's model: photos of 8 by 8 pixels, three classes, and the same logits for every photo.

use serde_json::{Value, json};

use super::{Reply, Request};

/// Where it infers.
pub(crate) const INFER: &str = "/v2/models/tiny/versions/1/infer";

/// The logits of a photo.
const LOGITS: [f32; 3] = [0.0, 2.0, 1.0];

/// Its config, as Triton prints it, as far as it counts.
pub(crate) fn config() -> Value {
    json!({
        "name": "tiny",
        "platform": "onnxruntime_onnx",
        "backend": "onnxruntime",
        "max_batch_size": 4,
        "input": [{ "name": "input", "data_type": "TYPE_FP32", "dims": [3, 8, 8] }],
        "output": [{
            "name": "output", "data_type": "TYPE_FP32", "dims": [3], "label_filename": "labels.txt",
        }],
        "instance_group": [{ "kind": "KIND_CPU" }],
        "parameters": {},
    })
}

/// The answer that names these classes, the best first.
pub(crate) fn labels(entries: &[&str]) -> Reply {
    let output = json!({
        "name": "output", "datatype": "BYTES", "shape": [1, entries.len()], "data": entries,
    });
    let outputs = [output];
    Reply::json(
        200,
        &json!({ "model_name": "tiny", "model_version": "1", "outputs": outputs }),
    )
}

/// An answer of these values in this shape.
pub(crate) fn logits(shape: &[usize], values: &[f32]) -> Reply {
    let data: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let header = json!({
        "model_name": "tiny", "model_version": "1",
        "outputs": [{
            "name": "output", "datatype": "FP32", "shape": shape,
            "parameters": { "binary_data_size": data.len() },
        }],
    });
    Reply::tensors(&header, &data)
}

/// Whether a request asks for texts of the classification extension.
pub(super) fn names_classes(request: &Request) -> bool {
    request.json()["outputs"][0]["parameters"]["classification"].as_u64() > Some(0)
}

/// What a Triton that is well answers.
pub(super) fn good(request: &Request) -> Reply {
    let json = |value: Value| Reply::json(200, &value);
    match request.path.as_str() {
        "/v2/health/ready" => Reply::Whole {
            status: 200,
            headers: vec![],
            body: vec![],
        },
        "/v2" => json(json!({
            "name": "triton", "version": "2.51.0",
            "extensions": ["classification", "statistics", "system_shared_memory", "trace"],
        })),
        "/v2/repository/index" => {
            json(json!([{ "name": "tiny", "version": "1", "state": "READY" }]))
        }
        "/v2/models/tiny/versions/1/config" => json(config()),
        "/v2/models/tiny/versions/1" => json(json!({
            "name": "tiny", "versions": ["1"], "platform": "onnxruntime_onnx",
            "inputs": [{ "name": "input", "datatype": "FP32", "shape": [-1, 3, 8, 8] }],
            "outputs": [{ "name": "output", "datatype": "FP32", "shape": [-1, 3] }],
        })),
        INFER if names_classes(request) => {
            labels(&["2.0:1:sand: wet, dry", "1.0:2:sea", "0.0:0:shell"])
        }
        INFER => {
            let photos = request.json()["inputs"][0]["shape"][0].as_u64().unwrap() as usize;
            logits(&[photos, LOGITS.len()], &LOGITS.repeat(photos))
        }
        "/v2/models/stats" | "/v2/models/tiny/stats" | "/v2/models/tiny/versions/1/stats" => {
            let infer = json!({ "count": 3, "ns": 30 });
            json(json!({ "model_stats": [{
                "name": "tiny", "version": "1", "inference_count": 5, "execution_count": 3,
                "inference_stats": { "compute_infer": infer },
                "batch_stats": [{ "batch_size": 1, "compute_infer": infer }],
            }] }))
        }
        _ => Reply::error(404, "Not Found"),
    }
}
