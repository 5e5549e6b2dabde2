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
    /// What a key means, by its name in the browser's `KeyboardEvent.key`. In the row of all photos
    /// all four lead on. Elsewhere Home and End are the page's own, and arrows are shortcuts like
    /// any other: `single_keys` says whether somebody wants those.
    pub(crate) fn of_key(key: &str, in_row: bool, single_keys: bool) -> Option<Self> {
        match key {
            "Home" if in_row => Some(Self::First),
            "ArrowLeft" if in_row || single_keys => Some(Self::Previous),
            "ArrowRight" if in_row || single_keys => Some(Self::Next),
            "End" if in_row => Some(Self::Last),
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
    fn in_the_row_of_photos_arrows_home_and_end_turn() {
        for single_keys in [true, false] {
            let means = |key| Turn::of_key(key, true, single_keys);
            assert_eq!(means("ArrowRight"), Some(Turn::Next));
            assert_eq!(means("End"), Some(Turn::Last));
            assert_eq!(means("ArrowDown"), None);
        }
    }

    #[test]
    fn elsewhere_arrows_turn_where_single_keys_do_and_home_and_end_never() {
        let means = |key, single_keys| Turn::of_key(key, false, single_keys);
        assert_eq!(means("ArrowLeft", true), Some(Turn::Previous));
        assert_eq!(means("ArrowLeft", false), None);
        assert_eq!(means("Home", true), None);
    }
}
