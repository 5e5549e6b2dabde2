//! A square that somebody chose: 0 differing bytes.

use std::collections::BTreeMap;

use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::{square_recipe, to_tensor};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::patterns::Case;
use crate::{assert_none, cases, sha256};

/// The square that is cut out, pixels.
#[derive(Deserialize)]
struct Chosen {
    left: u32,
    top: u32,
    side: u32,
}

#[test]
fn a_chosen_square_gives_pillows_pixels_to_the_byte() {
    let cases: Vec<Case<Chosen>> = cases(include_str!("squares.json"));
    assert!(cases.len() >= 15, "only {}", cases.len());
    let mut differences = Vec::new();
    for case in &cases {
        // Whatever a model resizes photos to, a chosen square is shown whole. NHWC is interleaved.
        let recipe = Recipe::from_parameters(&BTreeMap::new(), case.crop, Layout::Nhwc);
        let recipe =
            square_recipe(&recipe.unwrap_or_else(|error| panic!("{}: {error}", case.name)));
        let Chosen { left, top, side } = case.more;
        let square = Square { left, top, side };
        let cut = case.picture().cut(square).expect("inside the photo");
        if sha256(to_tensor(&cut, &recipe).data()) != case.crop_sha256 {
            differences.push(format!("{}: the pixels", case.name));
        }
    }
    assert_none(&differences, cases.len());
}
