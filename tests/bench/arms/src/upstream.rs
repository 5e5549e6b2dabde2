//! A Triton that runs nothing: what `conch` asks of one is answered at once, from memory, with the same
//! bytes each time. Two models: `pixels` takes UINT8, `floats` FP32, of a photo's shape; both give a
//! thousand classes.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use anyhow::Result;
use serde_json::{Value, json};

use crate::echo::serve;

const MODELS: [(&str, &str); 2] = [("pixels", "UINT8"), ("floats", "FP32")];
const CLASSES: usize = 1000;

/// Starts it on a free port of loopback; it lives as long as this program.
pub fn start() -> Result<Value> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let answers = Arc::new(answers());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            thread::spawn(move || {
                let of = |line: &str| {
                    let path = line.split(' ').nth(1).unwrap_or_default();
                    answers.get(path).map_or(&NOT_FOUND[..], Vec::as_slice)
                };
                // A connection that breaks is its client's affair.
                serve(stream, of).ok()
            });
        }
    });
    Ok(json!({ "address": address }))
}

const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";

/// Whole answers, by path.
fn answers() -> HashMap<String, Vec<u8>> {
    let index: Vec<Value> = MODELS
        .iter()
        .map(|(name, _)| json!({ "name": name, "version": "1", "state": "READY" }))
        .collect();
    let mut answers = HashMap::from([
        ("/v2/health/ready".to_owned(), answer("", b"")),
        ("/v2/repository/index".to_owned(), document(&index.into())),
        (
            "/v2".to_owned(),
            document(&json!({ "name": "triton", "version": "0", "extensions": [] })),
        ),
    ]);
    for (name, datatype) in MODELS {
        let metadata = json!({
            "name": name, "versions": ["1"], "platform": "onnxruntime_onnx",
            "inputs": [{ "name": "input", "datatype": datatype, "shape": [-1, 3, 224, 224] }],
            "outputs": [{ "name": "output", "datatype": "FP32", "shape": [-1, CLASSES] }],
        });
        let config = json!({
            "name": name, "platform": "onnxruntime_onnx", "max_batch_size": 32,
            "input": [{
                "name": "input", "data_type": format!("TYPE_{datatype}"),
                "format": "FORMAT_NCHW", "dims": [3, 224, 224],
            }],
            "output": [{ "name": "output", "data_type": "TYPE_FP32", "dims": [CLASSES] }],
        });
        for path in [
            format!("/v2/models/{name}"),
            format!("/v2/models/{name}/versions/1"),
        ] {
            answers.insert(format!("{path}/infer"), inference(name));
            answers.insert(format!("{path}/config"), document(&config));
            answers.insert(path, document(&metadata));
        }
    }
    answers
}

/// Logits of one photo, in binary.
fn inference(name: &str) -> Vec<u8> {
    let logits: Vec<u8> = (0..CLASSES)
        .flat_map(|class| (class as f32 / 100.0).to_le_bytes())
        .collect();
    let json = json!({
        "model_name": name, "model_version": "1",
        "outputs": [{
            "name": "output", "datatype": "FP32", "shape": [1, CLASSES],
            "parameters": { "binary_data_size": logits.len() },
        }],
    });
    let json = json.to_string();
    let header = format!(
        "content-type: application/octet-stream\r\ninference-header-content-length: {}\r\n",
        json.len()
    );
    answer(&header, &[json.into_bytes(), logits].concat())
}

fn document(body: &Value) -> Vec<u8> {
    answer(
        "content-type: application/json\r\n",
        body.to_string().as_bytes(),
    )
}

fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
