//! The laboratory: its pictures and its tensor.
