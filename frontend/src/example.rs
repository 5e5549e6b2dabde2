//! Examples for tests: a model, an outcome.

use std::sync::Arc;

use conch_shared::label::Prediction;
use conch_shared::model::ModelSpec;

use crate::protocol::Prepared;
use crate::state::{Exchange, Outcome};
use crate::timing::Times;

/// A model of 2 by 2 pixels and one class.
pub(crate) fn model() -> ModelSpec {
    let spec = r#"{"name":"m","max_batch_size":0,"classes":1,"activation":"softmax",
        "input":{"name":"i","datatype":"FP32","dims":[3,2,2]},
        "output":{"name":"o","datatype":"FP32","dims":[1]},"display":{"title":"M"},
        "recipe":{"resize":2,"crop":2,"interpolation":"bilinear","mean":[0,0,0],"std":[1,1,1],
        "channels":"RGB","layout":"NCHW"}}"#;
    serde_json::from_str(spec).unwrap()
}

/// An outcome with one label.
pub(crate) fn outcome(label: &str, score: f32) -> Arc<Outcome> {
    Arc::new(Outcome {
        model: Arc::new(model()),
        version: "1".into(),
        predictions: vec![Prediction {
            index: 0,
            label: label.into(),
            score,
            logit: 1.0,
        }],
        times: Times::default(),
        prepared: Prepared {
            width: 4,
            height: 3,
            tensor: [0; 12].into(),
            exact: true,
            file_bytes: 100.0,
            digest: "0".into(),
            decode_ms: 1.0,
            resize_ms: 1.0,
        },
        square: None,
        exchange: Exchange::default(),
    })
}
