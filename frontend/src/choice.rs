//! Values that have a word each: in the address, in the browser's storage.

/// The value that a word stands for.
pub(crate) fn called<T: Copy>(all: &[(T, &str)], word: &str) -> Option<T> {
    all.iter()
        .find(|(_, name)| *name == word)
        .map(|(it, _)| *it)
}

/// The word of a value; empty for one that is not among them.
pub(crate) fn word<T: Copy + PartialEq>(all: &[(T, &'static str)], it: T) -> &'static str {
    all.iter()
        .find(|(one, _)| *one == it)
        .map_or("", |(_, name)| name)
}
