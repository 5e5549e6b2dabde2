//! What the laboratory computes: pure, so that it is tested without a browser.

pub(crate) mod agreement;
pub(crate) mod code;
pub(crate) mod dump;
pub(crate) mod hex;
pub(crate) mod histogram;
pub(crate) mod http;
pub(crate) mod input;
pub(crate) mod json;
pub(crate) mod pbtxt;
pub(crate) mod picture;
pub(crate) mod plane;
pub(crate) mod plot;
pub(crate) mod position;
pub(crate) mod snippets;
pub(crate) mod temperature;
