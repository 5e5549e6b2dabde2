//! As much of HTTP/1.1 as a fake needs, byte by byte, so that it can be wrong.

use std::collections::HashMap;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::Traffic;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As on the wire, escapes and all.
    pub(crate) path: String,
    /// By name, in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Every request says how long it is, and asks for nothing that we could not read.
    pub(crate) fn assert_decent(&self) {
        let Self { method, path, .. } = self;
        let header = |name: &str| self.headers.get(name);
        assert_eq!(header("transfer-encoding"), None, "{method} {path}");
        assert_eq!(header("accept-encoding"), None, "{method} {path}");
        if method == "POST" {
            let length = header("content-length").map(|length| length.parse::<usize>().unwrap());
            assert_eq!(length, Some(self.body.len()), "{method} {path}");
        }
    }
}

impl Request {
    /// The JSON in front of tensors; null where there is none.
    pub(crate) fn json(&self) -> Value {
        let length = self.headers.get("inference-header-content-length");
        let length = length.map_or(0, |length| length.parse().unwrap());
        serde_json::from_slice(&self.body[..length]).unwrap_or_default()
    }
}

/// What is said to a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A whole answer.
    Whole {
        status: u16,
        /// Beside Content-Length.
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// These bytes, and then the connection is closed.
    Bytes(Vec<u8>),
    /// Nothing, until the client goes away.
    Nothing,
    /// These bytes, and then nothing until the client goes away.
    Stalls(Vec<u8>),
    /// Nothing, and the connection is closed in good order.
    Close,
    /// Nothing, and the connection is reset.
    Reset,
    /// A 200 whose body never ends, of this length if it has to say one.
    Endless { told: Option<usize> },
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let body = body.to_string().into_bytes();
        Self::Whole {
            status,
            headers,
            body,
        }
    }

    /// Triton's `{"error": "…"}`.
    pub(crate) fn error(status: u16, words: &str) -> Self {
        Self::json(status, &serde_json::json!({ "error": words }))
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::Whole {
            status,
            headers: vec![("Content-Type", "text/html".to_owned())],
            body: b"<html><body>It works!</body></html>".to_vec(),
        }
    }

    /// The JSON of a binary answer, and what follows it.
    pub(crate) fn tensors(header: &Value, data: &[u8]) -> Self {
        let mut body = header.to_string().into_bytes();
        let length = body.len().to_string();
        body.extend_from_slice(data);
        Self::Whole {
            status: 200,
            headers: vec![("Inference-Header-Content-Length", length)],
            body,
        }
    }

    /// The same, in chunks of a few bytes, without a length.
    pub(crate) fn chunked(self) -> Self {
        let Self::Whole {
            status,
            headers,
            body,
        } = self
        else {
            panic!("only a whole answer can be cut into chunks");
        };
        let mut bytes = head(status, &headers, "Transfer-Encoding: chunked");
        for chunk in body.chunks(7) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        Self::Bytes(bytes)
    }

    /// The same, but for its last bytes.
    pub(crate) fn cut(self, missing: usize) -> Self {
        let mut bytes = self.bytes();
        bytes.truncate(bytes.len() - missing);
        Self::Bytes(bytes)
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Whole {
                status,
                headers,
                body,
            } => {
                let length = format!("Content-Length: {}", body.len());
                [head(status, &headers, &length), body].concat()
            }
            Self::Bytes(bytes) => bytes,
            other => panic!("{other:?} has no bytes"),
        }
    }
}

fn head(status: u16, headers: &[(&str, String)], length: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Fake\r\n{length}\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// The next request; none when the client has gone.
pub(super) async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let header = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_lowercase(), value.to_owned()))
    };
    let headers: HashMap<String, String> = lines.filter_map(header).collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

/// Says it; whether the connection goes on.
pub(super) async fn write(
    stream: &mut TcpStream,
    reply: Reply,
    traffic: &watch::Sender<Traffic>,
) -> bool {
    match reply {
        whole @ Reply::Whole { .. } => stream.write_all(&whole.bytes()).await.is_ok(),
        Reply::Bytes(bytes) => {
            stream.write_all(&bytes).await.ok();
            stream.shutdown().await.ok();
            false
        }
        Reply::Nothing => Box::pin(write(stream, Reply::Stalls(vec![]), traffic)).await,
        Reply::Stalls(bytes) => {
            stream.write_all(&bytes).await.ok();
            // The client has nothing more to say: what comes is the end.
            let mut byte = [0];
            stream.read_exact(&mut byte).await.ok();
            traffic.send_modify(|traffic| traffic.abandoned += 1);
            false
        }
        Reply::Close => false,
        Reply::Reset => {
            stream.set_zero_linger().unwrap();
            false
        }
        Reply::Endless { told } => {
            let length = match told {
                Some(length) => format!("Content-Length: {length}"),
                None => "Connection: close".to_owned(),
            };
            let mut bytes = head(
                200,
                &[("Inference-Header-Content-Length", "100".into())],
                &length,
            );
            while stream.write_all(&bytes).await.is_ok() {
                traffic.send_modify(|traffic| traffic.endless += bytes.len());
                bytes = vec![b' '; 64 * 1024];
            }
            traffic.send_modify(|traffic| traffic.abandoned += 1);
            false
        }
    }
}
