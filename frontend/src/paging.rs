//! From photo to photo in the large view: pure, so that it can be tested without a browser.

/// A way through the photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// To the first one.
    First,
    /// To the one before.
    Previous,
    /// To the one after.
    Next,
    /// To the last one.
    Last,
}

impl Turn {
    /// What a key means, by its name in the browser's `KeyboardEvent.key`.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        match key {
            "Home" => Some(Self::First),
            "ArrowLeft" => Some(Self::Previous),
            "ArrowRight" => Some(Self::Next),
            "End" => Some(Self::Last),
            _ => None,
        }
    }

    /// Where it leads from the photo `at` of `count`; `None` where that is no other photo.
    pub(crate) fn target(self, at: usize, count: usize) -> Option<usize> {
        let to = match self {
            Self::First => 0,
            Self::Previous => at.checked_sub(1)?,
            Self::Next => at + 1,
            Self::Last => count.checked_sub(1)?,
        };
        (to != at && to < count).then_some(to)
    }
}

/// The photo to show when the one `at` of `count` goes: the one after it, else the one before.
pub(crate) fn heir(at: usize, count: usize) -> Option<usize> {
    let next = Turn::Next.target(at, count);
    next.or_else(|| Turn::Previous.target(at, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_leads_to_another_photo_or_nowhere() {
        assert_eq!(Turn::Next.target(0, 3), Some(1));
        assert_eq!(Turn::Next.target(2, 3), None);
        assert_eq!(Turn::Previous.target(0, 3), None);
        assert_eq!(Turn::First.target(2, 3), Some(0));
        assert_eq!(Turn::First.target(0, 3), None);
        assert_eq!(Turn::Last.target(0, 3), Some(2));
        assert_eq!(Turn::Last.target(0, 0), None);
    }

    #[test]
    fn the_next_photo_takes_the_place_of_one_that_goes() {
        assert_eq!(heir(0, 3), Some(1));
        assert_eq!(heir(2, 3), Some(1));
        assert_eq!(heir(0, 1), None);
    }

    #[test]
    fn arrows_and_the_keys_at_both_ends_turn() {
        assert_eq!(Turn::of_key("ArrowRight"), Some(Turn::Next));
        assert_eq!(Turn::of_key("End"), Some(Turn::Last));
        assert_eq!(Turn::of_key("ArrowDown"), None);
    }
}
