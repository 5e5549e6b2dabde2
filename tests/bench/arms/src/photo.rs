//! The photos that arms work on, read and decoded once, outside of what is measured.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use conch_shared::decode;
use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::RgbImage;

/// What was read so far.
#[derive(Default)]
pub struct Photos {
    files: HashMap<PathBuf, Vec<u8>>,
    decoded: HashMap<PathBuf, RgbImage>,
}

impl Photos {
    /// A file's bytes.
    pub fn file(&mut self, path: &Path) -> Result<&[u8]> {
        if !self.files.contains_key(path) {
            let bytes = fs::read(path).with_context(|| path.display().to_string())?;
            self.files.insert(path.to_owned(), bytes);
        }
        Ok(&self.files[path])
    }

    /// A photo's pixels.
    pub fn pixels(&mut self, path: &Path) -> Result<&RgbImage> {
        if !self.decoded.contains_key(path) {
            let image = decode::decode(self.file(path)?)?;
            self.decoded.insert(path.to_owned(), image);
        }
        Ok(&self.decoded[path])
    }
}

/// The notebook's recipe: shortest side to 256, the centre 224.
pub fn recipe() -> Recipe {
    Recipe::from_parameters(&[].into(), 224, Layout::Nchw).expect("all of it has defaults")
}
