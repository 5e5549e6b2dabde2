//! Sample photos, for somebody who has none at hand. Their files and credits are in
//! `assets/samples`.

use super::{Content, ImageSource};

/// A photo that comes with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// What is in it, for its button.
    pub(crate) title: &'static str,
    /// Its file.
    pub(crate) file: &'static str,
    /// A small picture of it.
    pub(crate) small: &'static str,
    /// Who made it.
    pub(crate) credit: &'static str,
}

/// All of them are in the public domain (CC0 1.0).
pub(crate) const SAMPLES: [Sample; 3] = [
    Sample {
        title: "A cat",
        file: "chelsea.png",
        small: "samples/small/chelsea.webp",
        credit: "Stefan van der Walt",
    },
    Sample {
        title: "A coffee",
        file: "coffee.png",
        small: "samples/small/coffee.webp",
        credit: "Rachel Michetti",
    },
    Sample {
        title: "A rocket",
        file: "rocket.jpg",
        small: "samples/small/rocket.webp",
        credit: "SpaceX",
    },
];

impl From<Sample> for ImageSource {
    fn from(sample: Sample) -> Self {
        Self {
            name: sample.file.to_owned(),
            content: Content::Address(format!("samples/{}", sample.file)),
        }
    }
}
