//! A bare socket at the other end shows what goes over the wire, and closes when it likes.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const LIMIT: usize = 100;

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    (listener, authority)
}

/// Reads until the message ends so, and answers with a word.
async fn serve(stream: &mut TcpStream, end: &[u8]) -> String {
    let mut got = Vec::new();
    while !got.ends_with(end) {
        assert_ne!(stream.read_buf(&mut got).await.unwrap(), 0);
    }
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
    stream.write_all(answer).await.unwrap();
    String::from_utf8(got).unwrap()
}

fn request() -> Request<Buffers> {
    let parts = ["sea", "shell"].map(Bytes::from);
    let request = Request::post("/x").header("host", "triton");
    request.body(Buffers(parts.into())).unwrap()
}

async fn ask(connections: &Connections, authority: &str) -> Result<Bytes, Fault> {
    let answer = connections.ask(authority, request(), LIMIT).await;
    answer.map(Response::into_body)
}

#[tokio::test]
async fn a_connection_is_kept_and_a_body_in_parts_has_its_length_in_front() {
    let (listener, authority) = listen().await;
    let server = tokio::spawn(async move {
        let mut stream = listener.accept().await.unwrap().0;
        serve(&mut stream, b"seashell").await;
        serve(&mut stream, b"seashell").await
    });
    let connections = Connections::default();
    assert_eq!(ask(&connections, &authority).await.unwrap(), "hi");
    assert_eq!(ask(&connections, &authority).await.unwrap(), "hi");
    let sent = server.await.unwrap();
    assert!(sent.contains("content-length: 8\r\n"), "{sent}");
    assert!(!sent.contains("chunked"), "{sent}");
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_costs_no_request() {
    let (listener, authority) = listen().await;
    let connections = Connections::default();
    for _ in 0..3 {
        let server = async {
            let mut stream = listener.accept().await.unwrap().0;
            serve(&mut stream, b"seashell").await;
        };
        let (_, answer) = tokio::join!(server, ask(&connections, &authority));
        assert_eq!(answer.unwrap(), "hi");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_under_a_request_is_told_and_not_kept() {
    let (listener, authority) = listen().await;
    let connections = Connections::default();
    let server = async { drop(listener.accept().await.unwrap()) };
    let (_, answer) = tokio::join!(server, ask(&connections, &authority));
    assert!(matches!(answer, Err(Fault::Broken(_))), "{answer:?}");
    assert!(connections.lock().is_empty());
    drop(listener);
    let answer = ask(&connections, &authority).await;
    assert!(matches!(answer, Err(Fault::Unreachable(_))), "{answer:?}");
}
