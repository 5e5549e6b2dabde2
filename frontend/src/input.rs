//! The ways in: each gives [`ImageSource`]s and knows nothing of what happens to them.

pub(crate) mod drop;
pub(crate) mod file;
pub(crate) mod paste;
pub(crate) mod sample;

use web_sys::{Blob, File, FileList};

/// A photo that somebody brought.
#[derive(Clone, Debug)]
pub(crate) struct ImageSource {
    /// Its name, as the person knows it.
    pub(crate) name: String,
    /// Where its bytes are.
    pub(crate) content: Content,
}

/// Where a photo's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// In a file of this device.
    File(Blob),
    /// On the page's own server, to be fetched when its turn comes.
    Address(String),
}

impl From<File> for ImageSource {
    fn from(file: File) -> Self {
        Self {
            name: file.name(),
            content: Content::File(file.into()),
        }
    }
}

/// The files of a list, in its order.
fn sources(files: Option<&FileList>) -> Vec<ImageSource> {
    let files = files.into_iter();
    files
        .flat_map(|files| (0..files.length()).filter_map(|at| files.get(at)))
        .map(ImageSource::from)
        .collect()
}
