//! Why there is no picture from the camera: every case that has an answer of its own.

/// A trouble with the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The page came over plain HTTP, where browsers have no camera.
    NotEncrypted,
    /// The browser has no camera for pages.
    NoSupport,
    /// Somebody said no, and the browser keeps to it.
    Denied,
    /// The question went away unanswered.
    Dismissed,
    /// The system does not let the browser.
    BySystem,
    /// Whoever runs the device, or the page around this one, does not allow it.
    ByPolicy,
    /// There is no camera.
    NoCamera,
    /// Another program has it.
    InUse,
    /// No camera can do what is asked, even when nothing is.
    Impossible,
    /// The camera broke off while it started.
    Aborted,
    /// Neither yes nor no.
    NoAnswer,
    /// It was unplugged, or taken away.
    Unplugged,
    /// It is there and sends nothing any more, as after a phone woke up.
    Lost,
    /// It sends pictures without pixels.
    NoPicture,
    /// The browser does not play its picture by itself.
    NotPlaying,
    /// Something that nobody has heard of.
    Unknown,
}

/// What is known beside the error itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whether the browser will ask again, where it tells: its permission is `prompt`.
    pub(crate) asks_again: Option<bool>,
    /// Whether this page may have a camera at all, where the browser tells.
    pub(crate) is_allowed_here: Option<bool>,
}

impl Trouble {
    /// What an error of `getUserMedia` means, by the name and the message of its `DOMException`
    /// (W3C Media Capture and Streams, 10.2; the second name of each is an older browser's).
    pub(crate) fn of_error(name: &str, message: &str, known: Known) -> Self {
        let message = message.to_lowercase();
        match name {
            "NotAllowedError" | "PermissionDeniedError" => {
                if known.is_allowed_here == Some(false) || message.contains("policy") {
                    Self::ByPolicy
                } else if message.contains("system") {
                    Self::BySystem
                } else if message.contains("dismissed") || known.asks_again == Some(true) {
                    Self::Dismissed
                } else {
                    Self::Denied
                }
            }
            "SecurityError" => Self::ByPolicy,
            "NotFoundError" | "DevicesNotFoundError" => Self::NoCamera,
            "NotReadableError" | "TrackStartError" => Self::InUse,
            "OverconstrainedError" | "ConstraintNotSatisfiedError" => Self::Impossible,
            "AbortError" => Self::Aborted,
            "TypeError" | "NotSupportedError" => Self::NoSupport,
            _ => Self::Unknown,
        }
    }

    /// A word for tests and styles: the message's `data-trouble`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotEncrypted => "not-encrypted",
            Self::NoSupport => "no-support",
            Self::Denied => "denied",
            Self::Dismissed => "dismissed",
            Self::BySystem => "by-system",
            Self::ByPolicy => "by-policy",
            Self::NoCamera => "no-camera",
            Self::InUse => "in-use",
            Self::Impossible => "impossible",
            Self::Aborted => "aborted",
            Self::NoAnswer => "no-answer",
            Self::Unplugged => "unplugged",
            Self::Lost => "lost",
            Self::NoPicture => "no-picture",
            Self::NotPlaying => "not-playing",
            Self::Unknown => "unknown",
        }
    }

    /// Whether to try again may help without doing anything else than what the message says.
    pub(crate) fn can_retry(self) -> bool {
        !matches!(self, Self::NotEncrypted | Self::NoSupport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, message: &str) -> Trouble {
        Trouble::of_error(name, message, Known::default())
    }

    #[test]
    fn each_name_of_an_error_has_its_trouble() {
        let names = [
            ("NotAllowedError", Trouble::Denied),
            ("SecurityError", Trouble::ByPolicy),
            ("NotFoundError", Trouble::NoCamera),
            ("NotReadableError", Trouble::InUse),
            ("OverconstrainedError", Trouble::Impossible),
            ("AbortError", Trouble::Aborted),
            ("TypeError", Trouble::NoSupport),
            ("WhateverError", Trouble::Unknown),
        ];
        for (name, trouble) in names {
            assert_eq!(of(name, ""), trouble, "{name}");
        }
    }

    #[test]
    fn no_is_told_apart_by_who_said_it() {
        let said = |message| of("NotAllowedError", message);
        assert_eq!(said("Permission denied"), Trouble::Denied);
        assert_eq!(said("Permission dismissed"), Trouble::Dismissed);
        assert_eq!(said("Permission denied by system"), Trouble::BySystem);
        let known = |asks_again, is_allowed_here| {
            let known = Known {
                asks_again,
                is_allowed_here,
            };
            Trouble::of_error("NotAllowedError", "Permission denied", known)
        };
        assert_eq!(known(Some(true), Some(true)), Trouble::Dismissed);
        assert_eq!(known(Some(false), None), Trouble::Denied);
        assert_eq!(known(Some(true), Some(false)), Trouble::ByPolicy);
    }

    #[test]
    fn what_cannot_change_is_not_tried_again() {
        assert!(!Trouble::NotEncrypted.can_retry());
        assert!(Trouble::Denied.can_retry());
    }
}
