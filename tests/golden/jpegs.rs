//! JPEG, row by row: 0 differing bytes, of the whole photo and of any part of it.

use std::collections::BTreeMap;

use conch_shared::decode::{Photo, decode};
use conch_shared::jpeg::Jpeg;
use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::resize_whole;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{assert_none, cases, sha256};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../tests/golden/jpegs");

#[derive(Deserialize)]
struct Case {
    name: String,
    width: u32,
    height: u32,
    rgb_sha256: String,
}

#[test]
fn every_kind_of_jpeg_gives_libjpeg_turbos_bytes() {
    let cases: Vec<Case> = cases(include_str!("jpegs.json"));
    assert_eq!(cases.len(), FILES.files().count());
    assert!(cases.len() >= 90, "only {}", cases.len());
    let differences: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.name, difference(case)?)))
        .collect();
    assert_none(&differences, cases.len());
}

#[test]
fn a_small_picture_is_of_the_whole_photo() {
    let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
    let cases: Vec<Case> = cases(include_str!("jpegs.json"));
    for case in &cases {
        let file = FILES.get_file(&case.name).expect("jpegs.json names it");
        let photo = Photo::open(file.contents()).unwrap();
        let (width, height) = photo.size();
        let (longer, shorter) = (width.max(height), width.min(height));
        let small = recipe.of_whole((width, height), 64);
        let picture = photo.resized(&small).unwrap();
        assert_eq!(
            picture.width().min(picture.height()),
            (64 * shorter / longer).max(1)
        );
        assert_eq!(
            picture,
            resize_whole(&photo.pixels().unwrap(), &small),
            "{}",
            case.name
        );
    }
}

fn difference(case: &Case) -> Option<String> {
    let file = FILES.get_file(&case.name).expect("jpegs.json names it");
    let file = file.contents();
    let image = match decode(file) {
        Ok(image) => image,
        Err(error) => return Some(error.to_string()),
    };
    if (image.width(), image.height()) != (case.width, case.height) {
        return Some(format!("{image:?}"));
    }
    if sha256(image.pixels()) != case.rgb_sha256 {
        return Some("other pixels".to_owned());
    }
    let jpeg = match Jpeg::open(file) {
        Ok(Some(jpeg)) => jpeg,
        other => return Some(format!("not taken: {:?}", other.err())),
    };
    // Parts of it: their rows and columns begin and end anywhere.
    let (width, height) = (case.width as usize, case.height as usize);
    for part in 0..24 {
        let cut = |side: usize, n: usize| {
            let start = n * 7 % side;
            start..start + 1 + n * 5 % (side - start)
        };
        let (rows, columns) = (cut(height, part), cut(width, part + 3));
        let mut seen = Vec::new();
        let read = jpeg.read(rows.clone(), columns.clone(), &mut |row| {
            seen.extend(
                row.as_chunks::<4>()
                    .0
                    .iter()
                    .flat_map(|&[r, g, b, _]| [r, g, b]),
            );
        });
        let expected: Vec<u8> = rows
            .clone()
            .flat_map(|y| {
                let at = |x: usize| 3 * (y * width + x);
                image.pixels()[at(columns.start)..at(columns.end)].to_vec()
            })
            .collect();
        if read.is_err() || seen != expected {
            return Some(format!(
                "other pixels in rows {rows:?}, columns {columns:?}"
            ));
        }
    }
    None
}
