//! Requests and answers of the protocol, put together and taken apart by hand: the codec of `shared`
//! is under test itself, and cannot make a wrong request.

use bytes::Bytes;
use conch_shared::kserve::HEADER_LENGTH;
use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::normalize;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::subject::MODEL_PATH;
use crate::support::{Answer, photo};

pub(super) const PHOTOS: [&str; 3] = ["chelsea.png", "coffee.png", "rocket.jpg"];

/// A request for inference, right until something is changed.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) path: String,
    pub(super) header: Value,
    /// What follows the header.
    pub(super) tail: Vec<u8>,
    /// The length that is said of the header; its own when absent.
    pub(super) said: Option<String>,
}

impl Message {
    /// For these values of an FP32 tensor with that shape, in binary.
    pub(super) fn new(shape: &[usize], tail: Vec<u8>) -> Self {
        let input = json!({ "name": "input", "shape": shape, "datatype": "FP32",
            "parameters": { "binary_data_size": tail.len() } });
        Self {
            path: format!("{MODEL_PATH}/infer"),
            header: json!({ "inputs": [input] }),
            tail,
            said: None,
        }
    }

    /// For a photo.
    pub(super) fn photo(name: &str) -> Self {
        Self::new(&[1, 3, 224, 224], pixels(name))
    }

    /// With another value in its header, at a path like `/inputs/0/name`; the last step may be new.
    pub(super) fn with(mut self, pointer: &str, value: Value) -> Self {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        self.header.pointer_mut(parent).unwrap()[key] = value;
        self
    }

    /// Asking for this of the output.
    pub(super) fn wanting(self, parameters: Value) -> Self {
        let mut output = json!({ "name": "output" });
        output["parameters"] = parameters;
        self.with("/outputs", Value::from(vec![output]))
    }

    pub(super) fn body(&self) -> Vec<u8> {
        [self.header.to_string().as_bytes(), &self.tail].concat()
    }

    pub(super) fn headers(&self, request: RequestBuilder) -> RequestBuilder {
        let length = self.header.to_string().len().to_string();
        request.header(HEADER_LENGTH, self.said.as_ref().unwrap_or(&length))
    }
}

/// A photo as the model takes it: FP32, little-endian, `[1, 3, 224, 224]`.
pub(super) fn pixels(name: &str) -> Vec<u8> {
    let grey = |value: f32| [value; 3];
    let recipe = Recipe {
        mean: grey(127.0 / 255.0),
        std: grey(128.0 / 255.0),
        ..Recipe::from_parameters(&Default::default(), 224, Layout::Nchw).unwrap()
    };
    let tensor = normalize(&photo(name, &recipe), &recipe).unwrap();
    tensor.data().to_vec()
}

/// An answer with its JSON apart from the tensors behind it.
pub(super) struct Parts {
    pub(super) header: Value,
    pub(super) tail: Bytes,
}

impl Parts {
    #[track_caller]
    pub(super) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let length = match answer.header(HEADER_LENGTH) {
            "" => answer.body.len(),
            text => text.parse().unwrap(),
        };
        let kind = match length == answer.body.len() {
            true => "application/json",
            false => "application/octet-stream",
        };
        assert_eq!(answer.header("content-type"), kind);
        Self {
            header: serde_json::from_slice(&answer.body[..length]).unwrap(),
            tail: answer.body.slice(length..),
        }
    }

    /// The values of an FP32 output in binary.
    pub(super) fn floats(&self) -> Vec<f32> {
        let size = &self.header["outputs"][0]["parameters"]["binary_data_size"];
        assert_eq!(size, self.tail.len());
        let value = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
        self.tail.chunks_exact(4).map(value).collect()
    }

    /// Takes the values of an output out of the JSON.
    pub(super) fn take_data(&mut self) -> Vec<Value> {
        let output = self.header["outputs"][0].as_object_mut().unwrap();
        output.remove("data").unwrap().as_array().unwrap().clone()
    }
}

/// No two numbers may lie further apart.
#[track_caller]
pub(super) fn assert_close(ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len());
    for (index, (one, other)) in ours.iter().zip(theirs).enumerate() {
        assert!((one - other).abs() <= 1e-4, "{index}: {one} {other}");
    }
}

/// The indices of the five greatest, greatest first.
pub(super) fn top_5(logits: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    order.truncate(5);
    order
}
