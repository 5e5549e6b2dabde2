//! What a model wants and gives: its input, its output, and the recipe between photo and tensor.
//!
//! All of it comes from the model's `config.pbtxt`; what Triton's own fields do not say stands in
//! its `parameters`, see [`Recipe::from_parameters`].

mod unchecked;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::tensor::{DataType, Shape};

/// Where the channels stand in an image tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Layout {
    /// Channels, rows, columns: one plane after the other (PyTorch's and the default).
    #[default]
    Nchw,
    /// Rows, columns, channels: interleaved as in a picture file (TensorFlow's).
    Nhwc,
}

/// The order of the three colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Channels {
    /// Red first.
    #[default]
    Rgb,
    /// Blue first (Caffe's, OpenCV's).
    Bgr,
}

/// How pixels between pixels are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interpolation {
    /// Pillow's BILINEAR: a triangle filter as wide as the scale.
    #[default]
    Bilinear,
}

/// What turns the model's output into probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// The output is logits.
    #[default]
    Softmax,
    /// The output is probabilities already.
    None,
}

/// How a photo becomes the model's tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "unchecked::Unchecked")]
pub struct Recipe {
    /// Shortest side after the resize, pixels.
    pub resize: u32,
    /// Side of the centre crop, pixels: the input's height and width.
    pub crop: u32,
    /// How the resize weighs pixels.
    pub interpolation: Interpolation,
    /// Subtracted from values in [0, 1], one a channel, in the order of `channels`.
    pub mean: [f32; 3],
    /// Divides what is left, one a channel, in the order of `channels`.
    pub std: [f32; 3],
    /// The order of the colours in the tensor.
    pub channels: Channels,
    /// Where the colours stand in the tensor.
    pub layout: Layout,
}

/// ImageNet's mean, of red, green and blue in [0, 1].
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
/// ImageNet's standard deviation, of red, green and blue in [0, 1].
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];
/// Shortest side after the resize where a model does not say, pixels.
pub const DEFAULT_RESIZE: u32 = 256;
/// Largest side that a recipe may ask for, pixels.
pub const MAX_SIDE: u32 = 4096;

/// A `parameters` entry that does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter \"{key}\": expected {expected}, found \"{found}\"")]
pub struct RecipeError {
    /// The parameter's key.
    pub key: &'static str,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
}

impl Recipe {
    /// Reads a recipe from a config's `parameters`; `side` is the input's height and width.
    ///
    /// | key | meaning | when absent |
    /// | --- | --- | --- |
    /// | `preprocess.resize` | shortest side after the resize, pixels | 256, or `side` where that is larger |
    /// | `preprocess.crop` | side of the centre crop, pixels | `side` |
    /// | `preprocess.interpolation` | `bilinear` | `bilinear` |
    /// | `preprocess.mean`, `preprocess.std` | three numbers, of values in [0, 1] | ImageNet's |
    /// | `preprocess.channels` | `RGB` or `BGR` | `RGB` |
    ///
    /// # Errors
    /// Names the key, what it should be and what it is.
    pub fn from_parameters(
        parameters: &BTreeMap<String, String>,
        side: u32,
        layout: Layout,
    ) -> Result<Self, RecipeError> {
        let get = |key: &'static str| parameters.get(key).map(|v| (key, v.trim()));
        let crop = get("preprocess.crop").map_or(Ok(side), pixels)?;
        if crop != side {
            let expected = format!("{side}, the input's height and width");
            return Err(wrong("preprocess.crop", expected, &crop.to_string()));
        }
        let resize =
            get("preprocess.resize").map_or_else(|| Ok(DEFAULT_RESIZE.max(crop)), pixels)?;
        if resize < crop {
            let expected = format!("at least the crop's {crop}");
            return Err(wrong("preprocess.resize", expected, &resize.to_string()));
        }
        let interpolation = get("preprocess.interpolation").map_or(
            Ok(Interpolation::default()),
            |(key, v)| match v {
                "bilinear" => Ok(Interpolation::Bilinear),
                _ => Err(wrong(key, "bilinear".into(), v)),
            },
        )?;
        let channels =
            get("preprocess.channels").map_or(Ok(Channels::default()), |(key, v)| match v {
                "RGB" => Ok(Channels::Rgb),
                "BGR" => Ok(Channels::Bgr),
                _ => Err(wrong(key, "RGB or BGR".into(), v)),
            })?;
        let in_order = |mut rgb: [f32; 3]| {
            if channels == Channels::Bgr {
                rgb.reverse();
            }
            rgb
        };
        let mean = get("preprocess.mean")
            .map_or_else(|| Ok(in_order(IMAGENET_MEAN)), |(key, v)| numbers(key, v))?;
        let std = get("preprocess.std")
            .map_or_else(|| Ok(in_order(IMAGENET_STD)), |(key, v)| numbers(key, v))?;
        if let Some((_, v)) = get("preprocess.std")
            && std.contains(&0.0)
        {
            let expected = "three numbers other than 0".into();
            return Err(wrong("preprocess.std", expected, v));
        }
        Ok(Self {
            resize,
            crop,
            interpolation,
            mean,
            std,
            channels,
            layout,
        })
    }

    /// This recipe, but that a photo of these sides is not cropped, and its longer side becomes
    /// `longest` pixels: for a small picture of it.
    pub fn of_whole(&self, (width, height): (u32, u32), longest: u32) -> Self {
        let (shorter, longer) = (width.min(height), width.max(height));
        let shorter = u64::from(longest) * u64::from(shorter) / u64::from(longer.max(1));
        let shorter = shorter.max(1) as u32;
        Self {
            resize: shorter,
            crop: shorter,
            ..self.clone()
        }
    }

    /// The shape of a tensor of `photos` photos, batch dimension first.
    pub fn batch_shape(&self, photos: usize) -> Shape {
        let side = self.crop as usize;
        Shape::new(match self.layout {
            Layout::Nchw => [photos, 3, side, side],
            Layout::Nhwc => [photos, side, side, 3],
        })
    }
}

fn wrong(key: &'static str, expected: String, found: &str) -> RecipeError {
    RecipeError {
        key,
        expected,
        found: found.to_owned(),
    }
}

fn pixels((key, text): (&'static str, &str)) -> Result<u32, RecipeError> {
    match text.parse() {
        Ok(side) if (1..=MAX_SIDE).contains(&side) => Ok(side),
        _ => Err(wrong(key, format!("pixels, 1 to {MAX_SIDE}"), text)),
    }
}

/// Three finite numbers between commas or spaces, with or without brackets.
fn numbers(key: &'static str, text: &str) -> Result<[f32; 3], RecipeError> {
    let values: Option<Vec<f32>> = text
        .trim_matches(['[', ']'])
        .split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok().filter(|v: &f32| v.is_finite()))
        .collect();
    values
        .and_then(|values| values.try_into().ok())
        .ok_or_else(|| wrong(key, "three numbers".into(), text))
}

/// What the page says of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    /// A short name for people; the model's name where the config has none.
    pub title: String,
    /// A sentence on what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the weights come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Under which licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

impl Display {
    /// Reads the `display.…` entries of a config's `parameters`.
    pub fn from_parameters(parameters: &BTreeMap<String, String>, name: &str) -> Self {
        let get = |key: &str| parameters.get(key).filter(|v| !v.is_empty()).cloned();
        Self {
            title: get("display.title").unwrap_or_else(|| name.to_owned()),
            description: get("display.description"),
            source: get("display.source"),
            license: get("display.license"),
        }
    }
}

/// One input or output of a model as Triton declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorSpec {
    /// The tensor's name.
    pub name: String,
    /// Its element type.
    pub datatype: DataType,
    /// Its dimensions as the config has them, without the batch dimension that
    /// `max_batch_size` adds; -1 is any.
    pub dims: Vec<i64>,
}

/// A model: what it takes, what it gives, and how a photo becomes its input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// The folder's name and the config's.
    pub name: String,
    /// Most photos in one request; 0 when `dims` is the whole shape (Triton's meaning), and then
    /// one request takes one photo.
    pub max_batch_size: usize,
    /// The input, an image tensor.
    pub input: TensorSpec,
    /// The output, one value a class.
    pub output: TensorSpec,
    /// How many classes the output has.
    pub classes: usize,
    /// How a photo becomes the input.
    pub recipe: Recipe,
    /// What turns the output into probabilities.
    pub activation: Activation,
    /// What the page says of it.
    pub display: Display,
}

impl ModelSpec {
    /// Most photos in one request.
    pub fn max_photos(&self) -> usize {
        self.max_batch_size.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        entries.iter().map(owned).collect()
    }

    fn recipe(entries: &[(&str, &str)]) -> Result<Recipe, RecipeError> {
        Recipe::from_parameters(&parameters(entries), 224, Layout::Nchw)
    }

    #[test]
    fn absent_keys_take_the_notebooks_values() {
        let recipe = recipe(&[]).unwrap();
        assert_eq!((recipe.resize, recipe.crop), (256, 224));
        assert_eq!(recipe.mean, IMAGENET_MEAN);
        assert_eq!(recipe.std, IMAGENET_STD);
        assert_eq!(recipe.batch_shape(2).dims(), [2, 3, 224, 224]);
    }

    #[test]
    fn blue_first_turns_the_default_mean_round() {
        let recipe = recipe(&[("preprocess.channels", "BGR")]).unwrap();
        assert_eq!(recipe.mean, [0.406, 0.456, 0.485]);
    }

    #[test]
    fn a_wrong_entry_names_key_expected_and_found() {
        let message = |entries: &[(&str, &str)]| recipe(entries).unwrap_err().to_string();
        assert_eq!(
            message(&[("preprocess.mean", "0.5, 0.5")]),
            "parameter \"preprocess.mean\": expected three numbers, found \"0.5, 0.5\""
        );
        assert_eq!(
            message(&[("preprocess.resize", "200")]),
            "parameter \"preprocess.resize\": expected at least the crop's 224, found \"200\""
        );
        assert_eq!(
            message(&[("preprocess.interpolation", "lanczos")]),
            "parameter \"preprocess.interpolation\": expected bilinear, found \"lanczos\""
        );
        assert!(message(&[("preprocess.std", "1 0 1")]).contains("other than 0"));
        assert!(message(&[("preprocess.resize", "1000000000")]).contains("1 to 4096"));
    }
}
