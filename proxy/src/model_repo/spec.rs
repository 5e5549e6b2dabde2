//! A config's fields into a [`ModelSpec`]: which input is the image, which output the classes.

use std::collections::BTreeMap;
use std::path::Path;

use conch_shared::model::{Activation, Display, Layout, ModelSpec, Recipe, TensorSpec};
use conch_shared::tensor::DataType;

use super::config_pbtxt::TensorConfig;
use super::{ModelConfig, RepoError, Unusable, dims};

/// A spec, and the dimensions that the graph behind it has.
pub(super) struct Fitted {
    pub(super) spec: ModelSpec,
    pub(super) input_dims: Vec<i64>,
    pub(super) output_dims: Vec<i64>,
}

/// Sees an image classifier in a config, or says why it is none.
///
/// # Errors
/// On `parameters` that mean nothing: the config is broken.
pub(super) fn fit(
    config: &ModelConfig,
    name: &str,
    file: &Path,
) -> Result<Result<Fitted, Unusable>, RepoError> {
    let parameters: BTreeMap<String, String> = config
        .parameters
        .iter()
        .map(|(key, value)| (key.clone(), value.string_value.clone()))
        .collect();
    let broken = |reason| RepoError::Config {
        file: file.to_owned(),
        reason,
    };
    let activation = match parameters.get("output.activation").map(String::as_str) {
        None | Some("softmax") => Activation::Softmax,
        Some("none") => Activation::None,
        Some(found) => {
            return Err(broken(format!(
                "parameter \"output.activation\": expected softmax or none, found \"{found}\""
            )));
        }
    };
    let shapes = match shapes(config, &parameters) {
        Ok(shapes) => shapes,
        Err(reason) => return Ok(Err(Unusable::NotAClassifier { reason })),
    };
    let recipe = Recipe::from_parameters(&parameters, shapes.side, shapes.layout)
        .map_err(|error| broken(error.to_string()))?;
    let spec = ModelSpec {
        name: name.to_owned(),
        max_batch_size: shapes.max_batch_size,
        input: shapes.input,
        output: shapes.output,
        classes: shapes.classes,
        recipe,
        activation,
        display: Display::from_parameters(&parameters, name),
    };
    Ok(Ok(Fitted {
        spec,
        input_dims: dims::of_graph(&config.input[0], config.max_batch_size),
        output_dims: dims::of_graph(&config.output[0], config.max_batch_size),
    }))
}

struct Shapes {
    max_batch_size: usize,
    input: TensorSpec,
    output: TensorSpec,
    classes: usize,
    side: u32,
    layout: Layout,
}

fn shapes(config: &ModelConfig, parameters: &BTreeMap<String, String>) -> Result<Shapes, String> {
    let engine = (config.platform.as_str(), config.backend.as_str());
    if !matches!(engine, ("onnxruntime_onnx", _) | (_, "onnxruntime")) {
        let (platform, backend) = engine;
        return Err(format!(
            "it is no ONNX model: expected platform \"onnxruntime_onnx\" or backend \"onnxruntime\", \
             found platform \"{platform}\" and backend \"{backend}\""
        ));
    }
    let max_batch_size = usize::try_from(config.max_batch_size).map_err(|_out_of_range| {
        format!(
            "max_batch_size: expected 0 or more, found {}",
            config.max_batch_size
        )
    })?;
    let (input, output) = match (config.input.as_slice(), config.output.as_slice()) {
        ([input], [output]) => (input, output),
        (inputs, outputs) => {
            return Err(format!(
                "it is no image classifier: expected one input and one output, found {} and {}",
                inputs.len(),
                outputs.len()
            ));
        }
    };
    let layout = match input.format.as_str() {
        "FORMAT_NHWC" => Layout::Nhwc,
        _ => Layout::Nchw,
    };
    Ok(Shapes {
        max_batch_size,
        input: tensor(
            input,
            &[
                ("TYPE_FP32", DataType::Fp32),
                ("TYPE_UINT8", DataType::Uint8),
            ],
        )?,
        output: tensor(output, &[("TYPE_FP32", DataType::Fp32)])?,
        classes: dims::classes(output, max_batch_size)?,
        side: dims::side(input, max_batch_size, layout, parameters)?,
        layout,
    })
}

fn tensor(config: &TensorConfig, allowed: &[(&str, DataType)]) -> Result<TensorSpec, String> {
    let TensorConfig {
        name,
        data_type,
        dims,
        ..
    } = config;
    let Some((_, datatype)) = allowed.iter().find(|(known, _)| known == data_type) else {
        let known: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
        let known = known.join(" or ");
        return Err(format!(
            "tensor \"{name}\": expected {known}, found {data_type}"
        ));
    };
    Ok(TensorSpec {
        name: name.clone(),
        datatype: *datatype,
        dims: dims.clone(),
    })
}
