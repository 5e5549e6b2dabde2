//! Why a file does not become a photo, in sentences.

use super::{MAX_PIXELS, MAX_SIDE};

/// Why a file does not become a photo. Each message is a sentence for the person who chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("The file is empty (0 bytes).")]
    Empty,
    /// The first bytes are no picture's.
    #[error("This is not a photo: its first bytes are of no picture format that is known here.")]
    NotAPhoto,
    /// A picture, but of a format that only a browser or another program can open.
    #[error("{format} cannot be decoded here. {}", way_out(format))]
    Unsupported {
        /// The format's name.
        format: &'static str,
    },
    /// More pixels than the limits allow.
    #[error(
        "The photo is too large: {width} × {height} pixels. At most {} million pixels, {MAX_SIDE} a side, are taken.",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The decoder would hold more than it may.
    #[error("The {format} photo takes too much memory to open. Save it smaller and try again.")]
    TooMuchMemory {
        /// The format's name.
        format: &'static str,
    },
    /// The format is known and the content broken.
    #[error("The {format} file is damaged: {reason}.")]
    Damaged {
        /// The format's name.
        format: &'static str,
        /// What the decoder says, or that it gave up.
        reason: String,
    },
}

/// What helps against a format that is not known here: phones choose theirs by a setting.
fn way_out(format: &str) -> &'static str {
    match format {
        "HEIC" => {
            "Share or export the photo as JPEG. For new ones: on an iPhone, Settings, Camera, Formats, \
             Most Compatible; on Android, switch “High efficiency pictures” off in the camera’s settings."
        }
        "AVIF" => {
            "Share or export the photo as JPEG. For new ones, choose JPEG, or switch “High efficiency \
             pictures” off, in the camera’s settings."
        }
        _ => "Save the photo as JPEG or PNG and try again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phones_format_names_the_setting_that_helps() {
        let message = |format| DecodeError::Unsupported { format }.to_string();
        assert!(message("HEIC").contains("Formats, Most Compatible; on Android"));
        assert!(message("AVIF").contains("“High efficiency pictures” off"));
        assert!(message("TIFF").ends_with("Save the photo as JPEG or PNG and try again."));
    }
}
