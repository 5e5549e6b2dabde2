//! What the camera decides, without a camera: which trouble it is, what the label over a moving
//! picture says, how fast it goes. Pure, tested on the host.

pub(crate) mod browser;
pub(crate) mod pace;
pub(crate) mod rate;
pub(crate) mod smoothing;
pub(crate) mod trouble;

/// What the camera is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A shutter.
    #[default]
    Photo,
    /// Labels over the moving picture.
    Live,
}

/// Whether a camera looks at the person who holds it: its preview is a mirror then, its pixels never
/// are. `facing` is what the browser says (W3C Media Capture, `facingMode`); where it says nothing,
/// as on most computers, the camera's name may.
pub(crate) fn is_front(facing: Option<&str>, name: &str) -> bool {
    const FRONT: [&str; 4] = ["front", "facetime", "integrated", "user-facing"];
    match facing {
        Some(facing) if !facing.is_empty() => facing == "user",
        _ => {
            let name = name.to_lowercase();
            FRONT.iter().any(|word| name.contains(word))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_camera_that_looks_at_its_person_is_a_mirror() {
        assert!(is_front(Some("user"), "Back camera"));
        assert!(!is_front(Some("environment"), "Front camera"));
        assert!(is_front(None, "FaceTime HD Camera"));
        assert!(is_front(Some(""), "Integrated Webcam"));
        assert!(!is_front(None, "HD Pro Webcam C920"));
    }
}
