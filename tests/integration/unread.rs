//! Requests that are refused before their body is read, over a real socket.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::TestServer;

/// A client that sends all of its body before it listens, and then the next request.
async fn two_requests(address: &str, first: &str, body: &[u8]) -> (String, String) {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "{first} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
        .write_all(body)
        .await
        .expect("the server reads the whole body");
    let next = format!("GET /health/live HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(next.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    let (one, two) = answers.split_once("HTTP/1.1 200 OK").unwrap();
    (one.to_owned(), two.to_owned())
}

#[tokio::test]
async fn whatever_is_refused_unread_is_told_and_the_connection_goes_on() {
    let address = TestServer::new().listen().await;
    // More than lies in the sockets' buffers on the way.
    let body = vec![0; 16 << 20];
    for (first, status) in [
        ("POST /v2/nope", "404"),
        ("POST /api/nope", "404"),
        ("POST /v2/models/fake", "405"),
        ("POST /v2/models/nope/infer", "404"),
        ("POST /v2/models/%2e%2e/infer", "404"),
        ("POST /v2/models/fake/versions/x/infer", "404"),
        ("POST /api/models/nope/classify", "404"),
        ("POST /api/models/fake/classify?top_k=x", "400"),
        ("POST /index.html", "405"),
    ] {
        let (one, two) = two_requests(&address, first, &body).await;
        assert!(
            one.starts_with(&format!("HTTP/1.1 {status} ")),
            "{first}: {one}"
        );
        assert!(two.ends_with("live\n"), "{first}: {two}");
    }
}

#[tokio::test]
async fn what_is_thrown_away_has_an_end() {
    let address = TestServer::options(&["--max-body", "1000"]).listen().await;
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head =
        format!("POST /v2/nope HTTP/1.1\r\nhost: {host}\r\ncontent-length: 999999999\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let sent = async { while stream.write_all(&[0; 65536]).await.is_ok() {} };
    let ended = tokio::time::timeout(Duration::from_secs(20), sent).await;
    ended.expect("the server closes the connection");
}
