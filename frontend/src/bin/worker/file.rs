//! A photo's bytes, read piece by piece: what is here twice at a time is one piece.

use std::hash::{DefaultHasher, Hasher};

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// What a browser's own words on a file that it cannot read come down to.
const UNREADABLE: &str =
    "The file could not be read. It may have been moved or changed since, or be a folder.";
/// Bytes that are read at a time.
const PIECE: usize = 2 << 20;

/// A digest of a file's bytes: the same for the same photo twice, not for security.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}

/// A file's bytes.
pub(crate) async fn read(file: &Blob) -> Result<Vec<u8>, String> {
    let size = file.size() as usize;
    let mut bytes = vec![0; size];
    for (at, target) in (0..size).step_by(PIECE).zip(bytes.chunks_mut(PIECE)) {
        let end = at + target.len();
        let piece = file.slice_with_f64_and_f64(at as f64, end as f64);
        let piece = piece.map(|piece| JsFuture::from(piece.array_buffer()));
        let piece = match piece {
            Ok(piece) => piece.await.map(|buffer| Uint8Array::new(&buffer)).ok(),
            Err(_) => None,
        };
        // Shorter: it was changed meanwhile.
        let piece = piece.filter(|piece| piece.length() as usize == target.len());
        piece.ok_or(UNREADABLE)?.copy_to(target);
    }
    Ok(bytes)
}
