//! Samples of other kinds to rows of RGB.

use crate::preprocess::over_white;

/// 8-bit samples of 1 (grey), 2 (with alpha), 3 or 4 channels as RGB, alpha laid over white, in
/// place of what `rgb` held.
pub(super) fn to_rgb(samples: &[u8], channels: usize, rgb: &mut Vec<u8>) {
    rgb.clear();
    match channels {
        1 => rgb.extend(samples.iter().flat_map(|grey| [*grey; 3])),
        2 => rgb.extend(
            samples
                .as_chunks()
                .0
                .iter()
                .flat_map(|[grey, a]| [over_white(*grey, *a); 3]),
        ),
        3 => rgb.extend_from_slice(samples),
        _ => rgb.extend(
            samples
                .as_chunks()
                .0
                .iter()
                .flat_map(|[r, g, b, a]| [r, g, b].map(|c| over_white(*c, *a))),
        ),
    }
}
