//! What the files of a repository look like from outside: enough to see that one has changed, for
//! little, and on any disk. A network mount tells nobody of a change.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The files of a model's folder and the folders in it, by their paths from there.
pub type Stamps = BTreeMap<PathBuf, Stamp>;

/// What changes when somebody writes a file or puts another in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

/// Folders in folders that are looked at: a link may lead back to where it stands.
const DEPTH: usize = 4;

/// Looks at every model's folder.
///
/// # Errors
/// When the repository cannot be read.
pub fn look(root: &Path) -> io::Result<BTreeMap<String, Stamps>> {
    let look = |(name, folder): (String, PathBuf)| {
        let mut stamps = Stamps::new();
        walk(&folder, Path::new(""), DEPTH, &mut stamps);
        (name, stamps)
    };
    Ok(super::folders(root)?.into_iter().map(look).collect())
}

/// What cannot be read, since somebody removes it at this moment, is not there.
fn walk(folder: &Path, inside: &Path, depth: usize, stamps: &mut Stamps) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, inside) = (entry.path(), inside.join(entry.file_name()));
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        stamps.insert(inside.clone(), Stamp::of(&metadata));
        if metadata.is_dir() && depth > 1 {
            walk(&path, &inside, depth - 1, stamps);
        }
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        // A folder's own size and time say nothing that its files do not.
        let is_file = metadata.is_file();
        Self {
            modified: metadata.modified().ok().filter(|_| is_file),
            bytes: if is_file { metadata.len() } else { 0 },
            inode: inode(metadata),
        }
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> u64 {
    0
}
