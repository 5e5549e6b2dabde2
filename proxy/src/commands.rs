//! The subcommands.

pub mod classify;
pub mod models;
pub mod serve;

mod source;
mod table;
