//! The arms: one request a line on the standard input, `{"do": …}`, one answer a line on the standard
//! output. An answer holds what the arm measured itself; a request that cannot be done is answered by
//! `{"error": …}`.

mod decode;
mod echo;
mod load;
mod photo;
mod resize;
mod upstream;

use std::io::{BufRead, Write, stdin, stdout};

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

/// What is asked.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Request {
    /// Decoded pixels to a small picture.
    Resize(resize::Request),
    /// A photo's file to the model's tensor.
    Decode(decode::Request),
    /// Many HTTP requests.
    Load(load::Request),
    /// A server that reads a request and answers so many bytes: the floor under each server.
    Echo(echo::Request),
    /// A Triton that runs nothing.
    Upstream,
    /// The peers' versions.
    Versions,
}

fn main() -> Result<()> {
    let mut photos = photo::Photos::default();
    for line in stdin().lock().lines() {
        let answer = answer(&line?, &mut photos)
            .unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
        let mut out = stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(line: &str, photos: &mut photo::Photos) -> Result<Value> {
    match serde_json::from_str(line)? {
        Request::Resize(request) => resize::run(&request, photos),
        Request::Decode(request) => decode::run(&request, photos),
        Request::Load(request) => load::run(&request),
        Request::Echo(request) => echo::start(&request),
        Request::Upstream => upstream::start(),
        Request::Versions => Ok(versions()),
    }
}

/// Out of the lock file, which says what was built.
fn versions() -> Value {
    let lock = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let entry = lock
            .split(&format!("name = \"{name}\"\nversion = \""))
            .nth(1);
        entry.and_then(|rest| rest.split('"').next())
    };
    json!({
        "fast_image_resize": version("fast_image_resize"),
        "image": version("image"),
        "zune-jpeg": version("zune-jpeg"),
    })
}
