//! A server that does nothing: it reads a request with its body and answers a fixed number of bytes.
//! What a client sees of it is the loopback, the kernel and the client itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub struct Request {
    /// Bytes of each answer's body.
    answer: usize,
}

/// Starts it on a free port of loopback; it lives as long as this program.
pub fn start(request: &Request) -> Result<Value> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let body = "x".repeat(request.answer);
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // A connection that breaks is its client's affair.
            thread::spawn(move || serve(stream, |_| answer.as_bytes()).ok());
        }
    });
    Ok(json!({ "address": address }))
}

/// Answers a connection's requests; `answer` gives the whole answer to a request line.
pub fn serve<'a>(mut stream: TcpStream, answer: impl Fn(&str) -> &'a [u8]) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(1 << 16, stream.try_clone()?);
    let (mut first, mut line, mut body) = (String::new(), String::new(), Vec::new());
    loop {
        let mut length = 0;
        first.clear();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().context("a length")?;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        stream.write_all(answer(&first))?;
    }
}
