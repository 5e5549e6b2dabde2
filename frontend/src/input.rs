//! The ways in: each gives [`ImageSource`]s and knows nothing of what happens to them.

pub(crate) mod camera;
pub(crate) mod drop;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod link;
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
    /// Somewhere else: the browser asks for it when its turn comes, and may be refused.
    Link(String),
}

/// What came in at once.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// The photos, in their order.
    pub(crate) photos: Vec<ImageSource>,
    /// How many files of folders are no photos.
    pub(crate) left_out: usize,
    /// Whether a folder was among it.
    pub(crate) is_folder: bool,
    /// Whether there were more photos than are taken at once.
    pub(crate) is_cut: bool,
}

impl From<Vec<ImageSource>> for Brought {
    fn from(photos: Vec<ImageSource>) -> Self {
        Self {
            photos,
            ..Self::default()
        }
    }
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
fn files(list: Option<&FileList>) -> impl Iterator<Item = File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(|at| list.get(at)))
}

/// The photos of a list, in its order.
fn sources(list: Option<&FileList>) -> Vec<ImageSource> {
    files(list).map(ImageSource::from).collect()
}
