//! The occlusion map and what batching buys.
