//! Files of every kind that is taken, decoded and turned upright.

use conch_shared::decode::decode;
use conch_shared::preprocess::RgbImage;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{assert_none, cases, sha256};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../tests/golden/files");

/// Blocks of the grid of means that lossy files are compared by.
const COLUMNS: u32 = 8;
const ROWS: u32 = 6;
/// How far the mean of a block may be off, of 255, where decoders may differ a little.
const TOLERANCE: f64 = 3.0;

#[derive(Deserialize)]
struct Case {
    name: String,
    what: String,
    width: u32,
    height: u32,
    #[serde(default)]
    rgb_sha256: Option<String>,
    #[serde(default)]
    grid: Vec<f64>,
}

#[test]
fn every_kind_of_file_decodes_as_pillow_decodes_it() {
    let cases: Vec<Case> = cases(include_str!("files.json"));
    assert_eq!(cases.len(), FILES.files().count());
    let differences: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.what, difference(case)?)))
        .collect();
    assert_none(&differences, cases.len());
}

fn difference(case: &Case) -> Option<String> {
    let file = FILES.get_file(&case.name).expect("files.json names it");
    let image = match decode(file.contents()) {
        Ok(image) => image,
        Err(error) => return Some(error.to_string()),
    };
    let size = (image.width(), image.height());
    if size != (case.width, case.height) {
        return Some(format!(
            "{size:?} instead of {}×{}",
            case.width, case.height
        ));
    }
    match &case.rgb_sha256 {
        Some(digest) => (sha256(image.pixels()) != *digest).then(|| "other pixels".to_owned()),
        None => {
            let worst = grid(&image)
                .iter()
                .zip(&case.grid)
                .map(|(ours, pillows)| (ours - pillows).abs())
                .fold(0.0, f64::max);
            assert_eq!(case.grid.len(), 3 * (COLUMNS * ROWS) as usize);
            (worst > TOLERANCE).then(|| format!("a block's mean is off by {worst:.1}"))
        }
    }
}

/// The mean colour of each block, row by row; block `i` of `n` begins at `i * side / n`.
fn grid(image: &RgbImage) -> Vec<f64> {
    let edges = |side: u32, n: u32| (0..n).map(move |i| (i * side / n, (i + 1) * side / n));
    let mut means = Vec::new();
    for (top, bottom) in edges(image.height(), ROWS) {
        for (left, right) in edges(image.width(), COLUMNS) {
            let count = f64::from((bottom - top) * (right - left));
            for channel in 0..3 {
                let sum: u64 = (top..bottom)
                    .flat_map(|y| (left..right).map(move |x| 3 * (y * image.width() + x) + channel))
                    .map(|at| u64::from(image.pixels()[at as usize]))
                    .sum();
                means.push(sum as f64 / count);
            }
        }
    }
    means
}
