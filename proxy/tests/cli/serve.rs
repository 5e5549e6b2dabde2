//! How the server ends, and how it treats slow clients.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::Running;

#[test]
fn the_server_ends_cleanly_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let server = Running::start();
        assert!(server.get("/health/ready").ends_with("ready\n"));
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "SIG{signal}");
    }
}

#[test]
fn a_request_in_flight_is_answered_before_the_end() {
    let server = Running::start();
    let request = "POST /api/models/efficientnet_lite0/classify HTTP/1.1\r\nhost: localhost\r\n\
        inference-header-content-length: 1\r\ncontent-length: 1\r\nexpect: 100-continue\r\n\r\n";
    let mut in_flight = server.send(request);
    // The server asks for the body: the handler is at work.
    assert!(in_flight.line().starts_with("HTTP/1.1 100"));
    server.signal("TERM");
    while server.connects() {}
    in_flight.write("x");
    assert_eq!(in_flight.line(), "");
    assert!(in_flight.line().starts_with("HTTP/1.1 400"));
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn without_a_descriptor_left_it_waits_for_one() {
    const MOST: usize = 80;
    let server = Running::with_descriptors(MOST);
    // The system takes what the program cannot.
    let held: Vec<_> = (0..2 * MOST).map(|_| server.send("GET /he")).collect();
    let begun = Instant::now();
    while server.open_files() < MOST {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{}",
            server.open_files()
        );
        thread::yield_now();
    }
    drop(held);
    assert!(server.get("/health/live").ends_with("live\n"));
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn before_the_end_the_server_says_so_and_still_answers() {
    let server = Running::with(&["--shutdown-delay", "30"]);
    let mut kept = server.send("");
    server.signal("TERM");
    while !server.get("/health/ready").starts_with("HTTP/1.1 503") {}
    kept.write("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let answer = kept.rest();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    // Not half a minute later.
    server.signal("TERM");
    assert_eq!(server.wait(), Some(1));
}

#[test]
fn a_client_that_never_ends_its_headers_is_cut_off() {
    let server = Running::with(&["--header-timeout", "1"]);
    let slow = server.send("GET / HTTP/1.1\r\nhost: localhost\r\n");
    assert!(!slow.rest().contains("200 OK"));
    assert!(server.get("/health/live").ends_with("live\n"));
}
