//! Reading files whose length nobody has promised.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// A file that is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    /// What may be read, bytes.
    pub(super) most: u64,
    /// How long the file is, bytes, as far as the system knows.
    pub(super) found: u64,
    /// Its beginning, `most` bytes.
    pub(super) beginning: Vec<u8>,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { most, found, .. } = self;
        write!(f, "expected at most {most} bytes, found {found}")
    }
}

/// A file's bytes. Of a file longer than `most` no more than that is read.
pub(super) fn read(path: &Path, most: u64) -> io::Result<Result<Vec<u8>, TooLong>> {
    let metadata = fs::metadata(path)?;
    // Opening a pipe would wait for somebody who writes into it.
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let length = metadata.len();
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    if read <= most {
        return Ok(Ok(bytes));
    }
    bytes.pop();
    Ok(Err(TooLong {
        most,
        found: length.max(read),
        beginning: bytes,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path(), 10).unwrap_err();
        assert_eq!(error.to_string(), "it is no file");
    }

    #[test]
    fn of_a_long_file_no_more_is_read_than_may_be() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "0123456789").unwrap();
        assert_eq!(read(file.path(), 10).unwrap().unwrap(), b"0123456789");
        let long = read(file.path(), 4).unwrap().unwrap_err();
        assert_eq!(long.beginning, b"0123");
        assert_eq!(long.to_string(), "expected at most 4 bytes, found 10");
    }
}
