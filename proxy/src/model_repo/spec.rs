//! A config's fields into a [`ModelSpec`]: which input is the image, which output the classes.

use std::collections::BTreeMap;
use std::path::Path;

use conch_shared::model::{Activation, Display, Layout, ModelSpec, Recipe, TensorSpec};
use conch_shared::tensor::DataType;

use super::config_pbtxt::TensorConfig;
use super::{ModelConfig, RepoError, Unusable};

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
        input_dims: graph_dims(&config.input[0], config.max_batch_size),
        output_dims: graph_dims(&config.output[0], config.max_batch_size),
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
        classes: classes(output, max_batch_size)?,
        side: side(input, max_batch_size, layout, parameters)?,
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

/// The dimensions of one item: without the batch, which `max_batch_size` 0 leaves in `dims`.
fn item(dims: &[i64], max_batch_size: usize, item_len: usize) -> &[i64] {
    match dims {
        [1 | -1, item @ ..] if max_batch_size == 0 && dims.len() > item_len => item,
        all => all,
    }
}

/// Side of the square that the input takes, pixels.
fn side(
    input: &TensorConfig,
    max_batch_size: usize,
    layout: Layout,
    parameters: &BTreeMap<String, String>,
) -> Result<u32, String> {
    let (height, width) = match (item(&input.dims, max_batch_size, 3), layout) {
        ([3, height, width], Layout::Nchw) | ([height, width, 3], Layout::Nhwc) => {
            (*height, *width)
        }
        _ => {
            let expected = match layout {
                Layout::Nchw => "[3, side, side]",
                Layout::Nhwc => "[side, side, 3]",
            };
            let found = &input.dims;
            return Err(format!(
                "it takes no image: expected the input's dims to be {expected}, found {found:?}"
            ));
        }
    };
    match (height, width) {
        // Any size will do: the recipe chooses.
        (-1, -1) => parameters
            .get("preprocess.crop")
            .and_then(|crop| crop.trim().parse().ok())
            .ok_or_else(|| {
                "its input takes any size: expected the parameter \"preprocess.crop\" to choose one"
                    .to_owned()
            }),
        (height, width) if height == width && height > 0 => {
            u32::try_from(height).map_err(|_out_of_range| {
                format!("expected a side that a photo can have, found {height}")
            })
        }
        _ => Err(format!(
            "expected a square input, found {height} rows of {width} pixels"
        )),
    }
}

fn classes(output: &TensorConfig, max_batch_size: usize) -> Result<usize, String> {
    item(&output.dims, max_batch_size, 1)
        .iter()
        .try_fold(1usize, |product, dim| {
            product.checked_mul(usize::try_from(*dim).ok().filter(|dim| *dim > 0)?)
        })
        .ok_or_else(|| {
            let found = &output.dims;
            format!("expected an output of one value a class, found dims {found:?}")
        })
}

/// What the graph sees: the reshape's dimensions where there is one, the batch in front.
fn graph_dims(tensor: &TensorConfig, max_batch_size: i32) -> Vec<i64> {
    let dims = match &tensor.reshape {
        Some(reshape) => &reshape.shape,
        None => &tensor.dims,
    };
    let batch = (max_batch_size > 0).then_some(-1);
    batch.into_iter().chain(dims.iter().copied()).collect()
}
