//! One module a page.

pub(crate) mod gallery;
pub(crate) mod photo;
