use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use conch_proxy::backend::{Backend, BackendError, Inference, Job, Model, ModelId, Timings};
use conch_shared::api::{BackendStatus, ModelInfo, ModelState};
use conch_shared::kserve::NamedTensor;
use conch_shared::kserve::metadata::{IndexEntry, ModelMetadata, ServerMetadata, TensorMetadata};
use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::label::LabelSet;
use conch_shared::model::{Activation, Display, Layout, ModelSpec, Recipe, TensorSpec};
use conch_shared::tensor::{DataType, Shape, Tensor};

/// Classes of the fake model.
pub(crate) const CLASSES: usize = 3;

/// A backend of one model, `fake`, which answers every photo with the same logits. It has two
/// versions that answer, 1 and 3, and one that does not, 2.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) model: Model,
    /// The answer to so many photos.
    pub(crate) answer: fn(usize) -> Result<Tensor, BackendError>,
    /// How long it takes for an answer.
    pub(crate) pause: Duration,
    /// How often it was asked anything at all.
    pub(crate) calls: Arc<AtomicUsize>,
}

impl Default for Fake {
    fn default() -> Self {
        let recipe = Recipe::from_parameters(&Default::default(), 8, Layout::Nchw).unwrap();
        let tensor = |name: &str, dims: &[i64]| TensorSpec {
            name: name.to_owned(),
            datatype: DataType::Fp32,
            dims: dims.to_vec(),
        };
        let spec = ModelSpec {
            name: "fake".to_owned(),
            max_batch_size: 4,
            input: tensor("pixels", &[3, 8, 8]),
            output: tensor("logits", &[3]),
            classes: CLASSES,
            recipe,
            activation: Activation::Softmax,
            display: Display::from_parameters(&Default::default(), "fake"),
        };
        let info = ModelInfo {
            name: "fake".to_owned(),
            state: ModelState::Ready,
            versions: ["1", "2", "3"].map(str::to_owned).to_vec(),
            spec: Some(spec),
        };
        let metadata = |name: &str, shape: &[i64]| TensorMetadata {
            name: name.to_owned(),
            datatype: "FP32".to_owned(),
            shape: shape.to_vec(),
        };
        Self {
            model: Model {
                info,
                labels: LabelSet::parse("shell\nsand\nsea"),
                metadata: Some(ModelMetadata {
                    name: "fake".to_owned(),
                    versions: ["1", "3"].map(str::to_owned).to_vec(),
                    platform: "onnxruntime_onnx".to_owned(),
                    inputs: vec![metadata("pixels", &[-1, 3, 8, 8])],
                    outputs: vec![metadata("logits", &[-1, 3])],
                }),
                config: Some(serde_json::json!({ "name": "fake", "max_batch_size": 4 })),
                config_text: None,
                index: vec![
                    entry("1", "READY", None),
                    entry("2", "UNAVAILABLE", Some("2/model.onnx is missing")),
                    entry("3", "READY", None),
                ],
            },
            pause: Duration::ZERO,
            calls: Arc::default(),
            answer: |photos| {
                let row = [0.0, 2.0, 1.0].repeat(photos);
                Ok(Tensor::from_f32(Shape::new([photos, CLASSES]), &row).unwrap())
            },
        }
    }
}

fn entry(version: &str, state: &str, reason: Option<&str>) -> IndexEntry {
    IndexEntry {
        name: "fake".to_owned(),
        version: Some(version.to_owned()),
        state: Some(state.to_owned()),
        reason: reason.map(str::to_owned),
    }
}

impl Fake {
    /// A fake that is down, as another server's answer would say it.
    pub(crate) fn unavailable() -> Self {
        let mut fake = Self::default();
        fake.model.info.state = ModelState::Unavailable {
            reason: "1/model.onnx is missing".to_owned(),
        };
        fake.model.index = vec![entry("1", "UNAVAILABLE", Some("1/model.onnx is missing"))];
        fake
    }

    fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn answering(answer: fn(usize) -> Result<Tensor, BackendError>) -> Self {
        Self {
            answer,
            ..Self::default()
        }
    }

    /// A fake that takes its time.
    pub(crate) fn slow(pause: Duration) -> Self {
        Self {
            pause,
            ..Self::default()
        }
    }

    pub(crate) fn spec(&self) -> &ModelSpec {
        self.model.info.spec.as_ref().unwrap()
    }
}

#[async_trait]
impl Backend for Fake {
    async fn status(&self) -> BackendStatus {
        self.count();
        BackendStatus {
            kind: "fake".to_owned(),
            engine: "none".to_owned(),
            replicas: vec![],
        }
    }

    async fn models(&self) -> Vec<Arc<Model>> {
        self.count();
        vec![Arc::new(self.model.clone())]
    }

    async fn model(&self, name: &str) -> Result<Arc<Model>, BackendError> {
        self.count();
        match name {
            "fake" => Ok(Arc::new(self.model.clone())),
            _ => Err(BackendError::UnknownModel {
                model: name.to_owned(),
                known: vec!["fake".to_owned()],
            }),
        }
    }

    async fn infer(
        &self,
        _model: &Model,
        version: Option<u64>,
        job: Job,
    ) -> Result<Inference, BackendError> {
        self.count();
        assert_eq!(job.outputs, ["logits"]);
        let photos = job.inputs[0].tensor.shape().dims()[0];
        tokio::time::sleep(self.pause).await;
        Ok(Inference {
            outputs: vec![NamedTensor {
                name: "logits".to_owned(),
                tensor: (self.answer)(photos)?,
            }],
            version: version.unwrap_or(3).to_string(),
            timings: Timings {
                queue: Some(Duration::from_micros(1500)),
                infer: Some(Duration::from_millis(7)),
                upstream: None,
            },
        })
    }

    async fn server(&self) -> ServerMetadata {
        self.count();
        ServerMetadata {
            name: "fake".to_owned(),
            version: "1".to_owned(),
            extensions: vec![],
        }
    }

    async fn statistics(&self, id: Option<&ModelId>) -> Result<Vec<ModelStatistics>, BackendError> {
        self.count();
        let counted = |version: u64| ModelStatistics {
            name: "fake".to_owned(),
            version: version.to_string(),
            inference_count: version,
            ..ModelStatistics::default()
        };
        match id.map(|id| (id.name.as_str(), id.version)) {
            None | Some(("fake", None)) => Ok(vec![counted(1), counted(3)]),
            Some(("fake", Some(version @ (1 | 3)))) => Ok(vec![counted(version)]),
            Some(("fake", Some(version))) => Err(BackendError::UnknownVersion {
                model: "fake".to_owned(),
                version,
                known: vec!["1".to_owned(), "3".to_owned()],
            }),
            Some((name, _)) => Err(BackendError::UnknownModel {
                model: name.to_owned(),
                known: vec!["fake".to_owned()],
            }),
        }
    }
}
