//! A recipe in JSON, which may come from anywhere: it is checked before it is one.

use serde::Deserialize;

use super::{Channels, Interpolation, Layout, MAX_SIDE, Recipe};

/// The fields of a [`Recipe`], whatever they say.
#[derive(Deserialize)]
pub(super) struct Unchecked {
    resize: u32,
    crop: u32,
    interpolation: Interpolation,
    mean: [f32; 3],
    std: [f32; 3],
    channels: Channels,
    layout: Layout,
}

impl TryFrom<Unchecked> for Recipe {
    type Error = String;

    fn try_from(fields: Unchecked) -> Result<Self, String> {
        let Unchecked {
            resize,
            crop,
            interpolation,
            mean,
            std,
            channels,
            layout,
        } = fields;
        if crop == 0 || resize < crop || resize > MAX_SIDE {
            return Err(format!(
                "expected 1 <= crop <= resize <= {MAX_SIDE}, found a crop of {crop} and a resize of {resize}"
            ));
        }
        // JSON has no infinity, but numbers that become one.
        let is_number = |value: &f32| value.is_finite();
        if !mean.iter().all(is_number) || !std.iter().all(|v| is_number(v) && *v != 0.0) {
            // Which ones is not worth what printing floats weighs in the page's worker.
            return Err("expected numbers in mean and std, those of std other than 0".to_owned());
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_recipe_survives_json_unless_it_cannot_be_one() {
        let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nhwc).unwrap();
        let text = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), recipe);
        let refused = |from: &str, to: &str| {
            let text = text.replace(from, to);
            serde_json::from_str::<Recipe>(&text)
                .unwrap_err()
                .to_string()
        };
        let crop = refused("\"crop\":224", "\"crop\":257");
        assert!(
            crop.contains("found a crop of 257 and a resize of 256"),
            "{crop}"
        );
        refused("\"crop\":224", "\"crop\":0");
        refused("\"resize\":256", "\"resize\":5000");
        let std = refused("0.229", "0");
        assert!(std.contains("std other than 0"), "{std}");
        refused("0.485", "1e300");
    }
}
