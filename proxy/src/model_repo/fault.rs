//! A field that says what cannot be, before anybody knows where it stands.

use std::path::Path;

use super::places::Places;
use super::{RepoError, Unusable};

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field's path, as [`Places::line`] takes it.
    pub(super) field: String,
    /// What was expected and what was found.
    pub(super) reason: String,
}

impl Fault {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// For the page: the model cannot run, the others can.
    pub(super) fn unusable(&self, places: &Places) -> Unusable {
        Unusable::NotAClassifier {
            reason: places.say(&self.field, &self.reason),
        }
    }

    /// For the terminal: somebody must mend the config.
    pub(super) fn broken(self, file: &Path, places: &Places) -> RepoError {
        RepoError::Config {
            file: file.to_owned(),
            line: places.line(&self.field),
            reason: self.reason,
        }
    }
}
