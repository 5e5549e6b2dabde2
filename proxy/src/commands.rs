//! The subcommands.

pub mod classify;
pub mod models;
pub mod serve;

mod source;
mod table;
mod welcome;

use std::io::Write;

use anyhow::Context;

/// Writes to standard output. Unlike `print!`, it does not panic where nobody reads any more, as
/// in `conch classify … | head -1`.
fn print(text: &str) -> anyhow::Result<()> {
    let written = std::io::stdout().write_all(text.as_bytes());
    written.context("cannot write to standard output")
}
