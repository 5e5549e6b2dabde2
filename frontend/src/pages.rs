//! One module a page.

pub(crate) mod gallery;
pub(crate) mod passage;
pub(crate) mod photo;
