//! A config's fields into a [`ModelSpec`]: which input is the image, which output the classes.

use std::collections::BTreeMap;

use conch_shared::model::{Activation, Display, Layout, ModelSpec, Recipe, TensorSpec};
use conch_shared::tensor::DataType;
use serde::Deserialize;
use serde_json::Value;

use super::config_pbtxt::TensorConfig;
use super::fault::Fault;
use super::places::Places;
use super::{ModelConfig, Unusable, dims};

/// A spec, and the dimensions that the graph behind it has.
pub(super) struct Fitted {
    pub(super) spec: ModelSpec,
    pub(super) input_dims: Vec<i64>,
    pub(super) output_dims: Vec<i64>,
}

/// Why a config makes no spec.
pub(super) enum Misfit {
    /// It means nothing: somebody must mend it.
    Broken(Fault),
    /// It is something else than an image classifier.
    NoClassifier(Fault),
}

impl Misfit {
    fn into_fault(self) -> Fault {
        match self {
            Self::Broken(fault) | Self::NoClassifier(fault) => fault,
        }
    }
}

impl From<Fault> for Misfit {
    fn from(fault: Fault) -> Self {
        Self::NoClassifier(fault)
    }
}

/// What a model takes and gives, from its config in JSON as Triton returns it (`GET
/// /v2/models/{name}/config`). Fields that are absent have protobuf's defaults, unknown ones do
/// not count, and any platform will do.
///
/// # Errors
/// When it is no model config, or the model is no image classifier.
pub fn spec_of(config: &Value, name: &str) -> Result<ModelSpec, Unusable> {
    let config = ModelConfig::deserialize(config).map_err(|error| Unusable::NotAClassifier {
        reason: format!("its config is none of Triton's: {error}"),
    })?;
    let fitted =
        fit(&config, name).map_err(|misfit| misfit.into_fault().unusable(&Places::default()))?;
    Ok(fitted.spec)
}

/// Sees an image classifier in a config, or says why it is none.
pub(super) fn fit(config: &ModelConfig, name: &str) -> Result<Fitted, Misfit> {
    let parameters: BTreeMap<String, String> = config
        .parameters
        .iter()
        .map(|(key, value)| (key.clone(), value.string_value.clone()))
        .collect();
    let broken =
        |key: &str, reason| Misfit::Broken(Fault::new(format!("parameters[\"{key}\"]"), reason));
    let activation = match parameters.get("output.activation").map(String::as_str) {
        None | Some("softmax") => Activation::Softmax,
        Some("none") => Activation::None,
        Some(found) => {
            return Err(broken(
                "output.activation",
                format!(
                    "parameter \"output.activation\": expected softmax or none, found \"{found}\""
                ),
            ));
        }
    };
    let shapes = shapes(config, &parameters)?;
    let recipe = Recipe::from_parameters(&parameters, shapes.side, shapes.layout)
        .map_err(|error| broken(error.key, error.to_string()))?;
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
    Ok(Fitted {
        spec,
        input_dims: dims::of_graph(&config.input[0], config.max_batch_size),
        output_dims: dims::of_graph(&config.output[0], config.max_batch_size),
    })
}

struct Shapes {
    max_batch_size: usize,
    input: TensorSpec,
    output: TensorSpec,
    classes: usize,
    side: u32,
    layout: Layout,
}

fn shapes(config: &ModelConfig, parameters: &BTreeMap<String, String>) -> Result<Shapes, Fault> {
    let max_batch_size = max_batch_size(config)?;
    let (input, output) = match (config.input.as_slice(), config.output.as_slice()) {
        ([input], [output]) => (input, output),
        (inputs, outputs) => {
            let field = if inputs.len() == 1 {
                "output[1]"
            } else {
                "input[1]"
            };
            return Err(Fault::new(
                field,
                format!(
                    "it is no image classifier: expected one input and one output, found {} and {}",
                    inputs.len(),
                    outputs.len()
                ),
            ));
        }
    };
    let layout = match input.format.as_str() {
        "FORMAT_NHWC" => Layout::Nhwc,
        _ => Layout::Nchw,
    };
    let pixels = [
        ("TYPE_FP32", DataType::Fp32),
        ("TYPE_UINT8", DataType::Uint8),
    ];
    let at = |field: &'static str| move |reason: String| Fault::new(field, reason);
    Ok(Shapes {
        max_batch_size,
        input: tensor(input, &pixels).map_err(at("input[0].data_type"))?,
        output: tensor(output, &pixels[..1]).map_err(at("output[0].data_type"))?,
        classes: dims::classes(output, max_batch_size).map_err(at("output[0].dims"))?,
        side: dims::side(input, max_batch_size, layout, parameters).map_err(at("input[0].dims"))?,
        layout,
    })
}

/// The config's `max_batch_size`, which is 0 where `dims` is the whole shape.
pub(super) fn max_batch_size(config: &ModelConfig) -> Result<usize, Fault> {
    usize::try_from(config.max_batch_size).map_err(|_negative| {
        let found = config.max_batch_size;
        Fault::new(
            "max_batch_size",
            format!("max_batch_size: expected 0 or more, found {found}"),
        )
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
