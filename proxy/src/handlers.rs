//! The handlers translate HTTP into calls and back, nothing else.

pub mod classify;
pub mod extract;
pub mod fallback;
pub mod health;
pub mod models;
pub mod status;
