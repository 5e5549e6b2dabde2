//! What the laboratory computes: pure, so that it is tested without a browser.

pub(crate) mod hex;
pub(crate) mod histogram;
pub(crate) mod input;
pub(crate) mod picture;
pub(crate) mod plane;
pub(crate) mod position;
