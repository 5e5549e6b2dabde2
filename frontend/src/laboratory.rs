//! What the laboratory computes: pure, so that it is tested without a browser.

pub(crate) mod input;
