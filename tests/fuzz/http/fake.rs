//! A backend of one model that answers all photos alike.

use std::sync::Arc;

use async_trait::async_trait;
use conch_proxy::backend::{Backend, BackendError, Inference, Job, Model, ModelId, Timings};
use conch_proxy::model_repo::spec_of;
use conch_shared::api::{BackendStatus, ModelInfo, ModelState};
use conch_shared::kserve::NamedTensor;
use conch_shared::kserve::metadata::{IndexEntry, ModelMetadata, ServerMetadata, TensorMetadata};
use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::label::LabelSet;
use conch_shared::tensor::{Shape, Tensor};
use serde_json::json;

const NAME: &str = "m";

pub struct Fake(Arc<Model>);

impl Fake {
    pub fn new() -> Self {
        let config = json!({
            "name": NAME,
            "max_batch_size": 4,
            "input": [{ "name": "i", "data_type": "TYPE_FP32", "dims": [3, 2, 2] }],
            "output": [{ "name": "o", "data_type": "TYPE_FP32", "dims": [3] }],
        });
        let tensor = |name: &str, shape: &[i64]| TensorMetadata {
            name: name.to_owned(),
            datatype: "FP32".to_owned(),
            shape: shape.to_vec(),
        };
        Self(Arc::new(Model {
            info: ModelInfo {
                name: NAME.to_owned(),
                state: ModelState::Ready,
                versions: vec!["1".to_owned()],
                spec: Some(spec_of(&config, NAME).expect("a classifier")),
            },
            labels: LabelSet::parse("shell\nsand\nsea"),
            metadata: Some(ModelMetadata {
                name: NAME.to_owned(),
                versions: vec!["1".to_owned()],
                platform: "onnxruntime_onnx".to_owned(),
                inputs: vec![tensor("i", &[-1, 3, 2, 2])],
                outputs: vec![tensor("o", &[-1, 3])],
            }),
            config: Some(config),
            config_text: None,
            index: vec![IndexEntry {
                name: NAME.to_owned(),
                version: Some("1".to_owned()),
                state: Some("READY".to_owned()),
                reason: None,
            }],
        }))
    }
}

#[async_trait]
impl Backend for Fake {
    async fn status(&self) -> BackendStatus {
        BackendStatus {
            kind: "fake".to_owned(),
            engine: "none".to_owned(),
            replicas: vec![],
        }
    }

    async fn server(&self) -> ServerMetadata {
        ServerMetadata {
            name: "fake".to_owned(),
            version: "1".to_owned(),
            extensions: vec![],
        }
    }

    async fn models(&self) -> Vec<Arc<Model>> {
        vec![Arc::clone(&self.0)]
    }

    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        match name {
            NAME => Ok(Arc::clone(&self.0)),
            _ => Err(BackendError::UnknownModel {
                model: name.to_owned(),
                known: vec![NAME.to_owned()],
            }),
        }
    }

    async fn infer(
        &self,
        _model: &Model,
        _version: Option<u64>,
        job: Job,
    ) -> Result<Inference, BackendError> {
        let photos = job.inputs[0].tensor.shape().dims()[0];
        let logits = [0.0, 2.0, 1.0].repeat(photos);
        Ok(Inference {
            outputs: vec![NamedTensor {
                name: "o".to_owned(),
                tensor: Tensor::from_f32(Shape::new([photos, 3]), &logits).expect("three a photo"),
            }],
            version: "1".to_owned(),
            timings: Timings::default(),
        })
    }

    async fn statistics(
        &self,
        _of: Option<&ModelId>,
    ) -> Result<Vec<ModelStatistics>, BackendError> {
        Ok(vec![ModelStatistics::default()])
    }
}
