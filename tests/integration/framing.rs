//! Requests that are framed in a way that another server might read differently, over a real socket:
//! refused, and the connection closed.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{TestServer, resident};

/// Sends bytes, whatever the server says meanwhile, and gives all that it said until it closed.
async fn raw(address: &str, parts: impl IntoIterator<Item = Vec<u8>>) -> String {
    let host = address.trim_start_matches("http://");
    let (mut read, mut write) = TcpStream::connect(host).await.unwrap().into_split();
    let parts: Vec<_> = parts.into_iter().collect();
    let sent = tokio::spawn(async move {
        for part in parts {
            // It may close in the middle.
            if write.write_all(&part).await.is_err() {
                break;
            }
        }
        write
    });
    let mut answer = Vec::new();
    let end = read.read_to_end(&mut answer);
    let end = tokio::time::timeout(Duration::from_secs(20), end).await;
    assert!(
        end.is_ok(),
        "not closed: {}",
        String::from_utf8_lossy(&answer)
    );
    sent.abort();
    String::from_utf8_lossy(&answer).into_owned()
}

fn assert_refused(answer: &str, status: u16) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status} ")),
        "{answer}"
    );
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

/// What a request that was read as two would bring in.
const SMUGGLED: &str = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test]
async fn old_http_is_told_to_come_with_the_new_one() {
    let address = TestServer::new().listen().await;
    let answer = raw(
        &address,
        [b"GET /api/status HTTP/1.0\r\nhost: localhost\r\n\r\n".to_vec()],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.0 426 "), "{answer}");
    assert!(answer.contains("proxy_http_version 1.1"), "{answer}");
}

#[tokio::test]
async fn bodies_in_pieces_are_refused() {
    let address = TestServer::new().listen().await;
    let head = "POST /v2/models/fake/infer HTTP/1.1\r\nhost: localhost\r\n";
    for framing in [
        "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ] {
        let answer = raw(
            &address,
            [format!("{head}{framing}{SMUGGLED}").into_bytes()],
        )
        .await;
        assert_refused(&answer, 411);
    }
    for framing in [
        "content-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
        "content-length: +5\r\n\r\nabcde",
        "content-length: 5, 5\r\n\r\nabcde",
        "content-length: -1\r\n\r\n",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    ] {
        let answer = raw(
            &address,
            [format!("{head}{framing}{SMUGGLED}").into_bytes()],
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{framing}: {answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{framing}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_million_pieces_are_not_read() {
    let address = TestServer::new().listen().await;
    let head = b"POST /api/models/fake/classify HTTP/1.1\r\nhost: localhost\r\n\
        transfer-encoding: chunked\r\n\r\n";
    let before = resident();
    let pieces = (0..1000).map(|_| b"1\r\nx\r\n".repeat(1000));
    let answer = raw(&address, [head.to_vec()].into_iter().chain(pieces)).await;
    assert_refused(&answer, 411);
    // The test holds the pieces itself, 6 MB of them.
    let grown = resident().saturating_sub(before);
    assert!(grown < 16 << 20, "{grown} bytes more");
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let address = TestServer::new().listen().await;
    let start = "GET /api/status HTTP/1.1\r\nhost: localhost\r\n";
    let long = format!("{start}x: {}\r\n\r\n", "x".repeat(64 * 1024));
    assert_refused(&raw(&address, [long.into_bytes()]).await, 431);
    let many: String = (0..100)
        .map(|number| format!("x-{number}: x\r\n"))
        .collect();
    assert_refused(
        &raw(&address, [format!("{start}{many}\r\n").into_bytes()]).await,
        431,
    );
    let longest = format!(
        "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "x".repeat(100_000)
    );
    let answer = raw(&address, [longest.into_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
}

#[tokio::test]
async fn slow_clients_are_closed_in_time() {
    let conch = TestServer::options(&["--header-timeout", "1", "--body-timeout", "1"]);
    let address = conch.listen().await;
    for (start, status) in [
        ("", ""),
        ("GET /api/sta", ""),
        ("GET /api/status HTTP/1.1\r\nhost: localhost\r\n", ""),
        (
            "POST /api/models/fake/classify HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999\r\n\r\nab",
            "HTTP/1.1 408 ",
        ),
    ] {
        let begun = tokio::time::Instant::now();
        let answer = raw(&address, [start.as_bytes().to_vec()]).await;
        assert!(answer.starts_with(status), "{start}: {answer}");
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{start}: {:?}",
            begun.elapsed()
        );
    }
    assert_eq!(conch.admission.bytes().taken(), 0);
}
