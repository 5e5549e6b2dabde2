//! Resize, crop and normalisation: 0 differing bytes.

use std::collections::BTreeMap;

use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::{normalize, resize_and_crop, to_tensor};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::patterns::Case;
use crate::{assert_none, cases, sha256};

#[derive(Deserialize)]
struct Resized {
    resize: u32,
    tensor_sha256: String,
}

#[test]
fn pixels_and_tensors_are_pillows_to_the_byte() {
    let cases: Vec<Case<Resized>> = cases(include_str!("resize.json"));
    assert!(cases.len() >= 40, "only {}", cases.len());
    let mut differences = Vec::new();
    for case in &cases {
        let resize = ("preprocess.resize".to_owned(), case.more.resize.to_string());
        let recipe =
            Recipe::from_parameters(&BTreeMap::from([resize]), case.crop, Layout::Nchw).unwrap();
        let image = case.picture();
        if sha256(&resize_and_crop(&image, &recipe)) != case.crop_sha256 {
            differences.push(format!("{}: the pixels", case.name));
        }
        let floats = normalize(&to_tensor(&image, &recipe), &recipe).unwrap();
        if sha256(floats.data()) != case.more.tensor_sha256 {
            differences.push(format!("{}: the floats", case.name));
        }
    }
    assert_none(&differences, cases.len());
}
