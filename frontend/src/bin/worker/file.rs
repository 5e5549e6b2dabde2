//! A photo's bytes, read piece by piece: what is here twice at a time are two pieces.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// What a browser's own words on a file that it cannot read come down to.
const UNREADABLE: &str =
    "The file could not be read. It may have been moved or changed since, or be a folder.";
/// Bytes that are read at a time.
const PIECE: usize = 2 << 20;

/// A file's bytes.
pub(crate) async fn read(file: &Blob) -> Result<Vec<u8>, String> {
    let size = file.size() as usize;
    let mut bytes = vec![0; size];
    let mut begun = begin(file, 0);
    for (target, at) in bytes.chunks_mut(PIECE).zip((0..).step_by(PIECE)) {
        let piece = begun;
        // The browser fetches the next one meanwhile.
        begun = begin(file, at + PIECE);
        let piece = match piece {
            Some(piece) => piece.await.map(|buffer| Uint8Array::new(&buffer)).ok(),
            None => None,
        };
        // Shorter: it was changed meanwhile.
        let piece = piece.filter(|piece| piece.length() as usize == target.len());
        piece.ok_or(UNREADABLE)?.copy_to(target);
    }
    Ok(bytes)
}

/// Begins to read the piece at a byte; `None` behind the end.
fn begin(file: &Blob, at: usize) -> Option<JsFuture> {
    let (at, end) = (at as f64, (at + PIECE) as f64);
    let is_inside = at < file.size();
    let piece = is_inside.then(|| file.slice_with_f64_and_f64(at, end));
    Some(JsFuture::from(piece?.ok()?.array_buffer()))
}
