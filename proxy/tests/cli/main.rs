//! The programs as a person meets them: what they print and how they end.

#![allow(clippy::unwrap_used, reason = "a test may panic, that is its word")]

mod lan;
mod load;
mod photos;
mod precompress;
mod serve;
mod start;
mod support;
