//! What Conch's page and server must agree on. No I/O, no browser, no server.
//!
//! | module | subject |
//! | --- | --- |
//! | [`tensor`] | datatypes, shapes and tensors whose bytes are known to fit |
//! | [`label`] | class names, softmax, the best k |
//! | [`model`] | what a model wants and gives: [`model::ModelSpec`] and its recipe |
//! | [`preprocess`] | RGB pixels to the model's tensor, the very bytes that Pillow gives |
//! | [`decode`] | a photo's file to upright RGB pixels (feature `decode`) |
//! | [`jpeg`] | JPEG row by row, the very bytes of libjpeg-turbo (feature `decode`) |
//! | [`kserve`] | the KServe v2 protocol with binary tensors, both directions |
//! | [`api`] | the bodies of `/api`, the problem document |
//!
//! The crate builds for `wasm32-unknown-unknown` and for the host.

pub mod api;
#[cfg(feature = "decode")]
pub mod decode;
#[cfg(feature = "decode")]
pub mod jpeg;
pub mod kserve;
pub mod label;
pub mod model;
pub mod preprocess;
pub mod tensor;
