//! Conch's preprocessing and decoding against Pillow's own bytes; README.md says how the data is
//! made. The same tests run on the host and, compiled to WebAssembly, under Node.

mod blocks;
mod files;
mod hostile;
mod jpegs;
mod kernels;
mod patterns;
mod resize;
mod squares;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A data file: what made it, and its cases, of which the tests need nothing but these.
#[derive(Deserialize)]
struct DataFile<C> {
    cases: Vec<C>,
}

/// The cases of a data file.
fn cases<C: DeserializeOwned>(json: &str) -> Vec<C> {
    let file: DataFile<C> = serde_json::from_str(json).expect("make.py wrote it");
    file.cases
}

/// The digest of bytes as the data files write it.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Fails with all differences, after all cases were looked at.
fn assert_none(differences: &[String], cases: usize) {
    assert!(
        differences.is_empty(),
        "{} of {cases} cases differ from Pillow:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
