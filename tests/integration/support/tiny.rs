use conch_proxy::backend::embedded::{Embedded, EmbeddedError};
use conch_shared::kserve::NamedTensor;
use conch_shared::tensor::{Shape, Tensor};
use tempfile::TempDir;

use super::{engine_of, root};

/// A repository of one model, `tiny`, of the graphs in `tests/integration/models`: photos of 8 x 8
/// pixels in, the mean of each channel out.
pub(crate) struct Tiny {
    input: String,
    output: String,
    scheduling: String,
    versions: Vec<(u64, Vec<u8>)>,
}

impl Default for Tiny {
    /// FP32 planes, at most 8 photos a run, version 1, which is `fp32_nchw`.
    fn default() -> Self {
        Self {
            input: "data_type: TYPE_FP32 dims: [ 3, 8, 8 ]".to_owned(),
            output: "dims: [ 3 ]".to_owned(),
            scheduling: "max_batch_size: 8".to_owned(),
            versions: vec![],
        }
        .version(1, "fp32_nchw")
    }
}

impl Tiny {
    /// The input's fields but its name.
    pub(crate) fn input(mut self, fields: &str) -> Self {
        self.input = fields.to_owned();
        self
    }

    /// The output's fields but its name and datatype.
    pub(crate) fn output(mut self, fields: &str) -> Self {
        self.output = fields.to_owned();
        self
    }

    /// `max_batch_size` and whatever else stands at the top.
    pub(crate) fn scheduling(mut self, fields: &str) -> Self {
        self.scheduling = fields.to_owned();
        self
    }

    /// `max_batch_size: 8` and these fields of `dynamic_batching`.
    pub(crate) fn batching(self, fields: &str) -> Self {
        self.scheduling(&format!(
            "max_batch_size: 8 dynamic_batching {{ {fields} }}"
        ))
    }

    /// Puts a graph of that name in a version's folder.
    pub(crate) fn version(self, version: u64, graph: &str) -> Self {
        let file = root().join(format!("tests/integration/models/{graph}.onnx"));
        self.version_of(version, &std::fs::read(file).unwrap())
    }

    /// Puts these bytes in a version's folder.
    pub(crate) fn version_of(mut self, version: u64, bytes: &[u8]) -> Self {
        self.versions.retain(|(other, _)| *other != version);
        self.versions.push((version, bytes.to_vec()));
        self
    }

    pub(crate) fn repository(&self) -> TempDir {
        let repository = TempDir::new().unwrap();
        let folder = repository.path().join("tiny");
        std::fs::create_dir(&folder).unwrap();
        let Self {
            input,
            output,
            scheduling,
            ..
        } = self;
        let config = format!(
            r#"name: "tiny"
platform: "onnxruntime_onnx"
{scheduling}
input {{ name: "input" {input} }}
output {{ name: "output" data_type: TYPE_FP32 {output} label_filename: "labels.txt" }}
parameters {{ key: "preprocess.mean" value {{ string_value: "0, 0, 0" }} }}
parameters {{ key: "preprocess.std" value {{ string_value: "1, 1, 1" }} }}
parameters {{ key: "output.activation" value {{ string_value: "none" }} }}
"#
        );
        std::fs::write(folder.join("config.pbtxt"), config).unwrap();
        std::fs::write(folder.join("labels.txt"), "red\ngreen\nblue\n").unwrap();
        for (version, bytes) in &self.versions {
            let folder = folder.join(version.to_string());
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("model.onnx"), bytes).unwrap();
        }
        repository
    }

    pub(crate) fn try_engine(&self) -> Result<Embedded, EmbeddedError> {
        engine_of(self.repository().path(), &["--threads", "1"])
    }

    pub(crate) fn engine(&self) -> Embedded {
        self.try_engine().unwrap()
    }
}

/// So many FP32 photos in planes, all values `value`.
pub(crate) fn plain(photos: usize, value: f32) -> Tensor {
    let shape = Shape::new([photos, 3, 8, 8]);
    let values = vec![value; shape.len().unwrap()];
    Tensor::from_f32(shape, &values).unwrap()
}

/// The values of the only output.
pub(crate) fn values(outputs: &[NamedTensor]) -> Vec<f32> {
    assert_eq!(outputs.len(), 1);
    outputs[0].tensor.to_f32().unwrap()
}
