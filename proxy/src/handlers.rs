//! The handlers translate HTTP into calls and back, nothing else.

pub mod classify;
mod deadline;
mod encoding;
pub mod extract;
pub mod fallback;
pub mod health;
pub mod metrics;
pub mod models;
pub mod share;
pub mod status;
pub mod trust;
mod upload;
pub mod v2;
