//! More than the server takes in: turned away at once, shared out fairly, and given back.

use std::time::{Duration, Instant};

use bytes::Bytes;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor, binary::encode_request};
use http::Request;
use tokio::task::JoinSet;

use crate::support::{Answer, Fake, TestServer, black, eventually};

/// A photo from a client of this address, as a proxy that is trusted passes it on.
async fn ask(conch: TestServer, client: &'static str) -> Answer {
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor {
            name: "pixels".to_owned(),
            tensor: black(Fake::default().spec(), 1),
        }],
        ..InferRequest::default()
    });
    let request = Request::post("/api/models/fake/classify")
        .header(HEADER_LENGTH, frame.header_len)
        .header("x-forwarded-for", client);
    conch.send(request, frame.body).await
}

fn server(pause: Duration, options: &[&str]) -> TestServer {
    let behind = ["--trusted-proxy", "127.0.0.1"];
    TestServer::with(Fake::slow(pause), &[options, &behind].concat())
}

/// So many at once; how many were answered, after the last of those that were not.
async fn flood(conch: &TestServer, count: usize, client: &'static str) -> usize {
    let mut all = JoinSet::new();
    for _ in 0..count {
        all.spawn(ask(conch.clone(), client));
    }
    let mut answered = 0;
    while let Some(answer) = all.join_next().await {
        let answer = answer.unwrap();
        if answer.status == 200 {
            answered += 1;
        } else {
            answer.assert_problem(503, "overloaded");
            assert_eq!(answer.header("retry-after"), "1");
        }
    }
    answered
}

#[tokio::test]
async fn what_is_too_much_is_turned_away_at_once() {
    let pause = Duration::from_secs(2);
    let conch = server(pause, &["--max-requests", "10"]);
    let flooding = tokio::spawn({
        let conch = conch.clone();
        async move { flood(&conch, 30, "192.0.2.1").await }
    });
    eventually("all places taken", async || {
        conch.admission.requests().taken() == 8
    })
    .await;
    let begun = Instant::now();
    ask(conch.clone(), "192.0.2.1")
        .await
        .assert_problem(503, "overloaded");
    assert!(begun.elapsed() < pause / 2, "{:?}", begun.elapsed());
    // Who comes new has a place all the same.
    assert_eq!(ask(conch.clone(), "192.0.2.2").await.status, 200);
    assert_eq!(flooding.await.unwrap(), 8);
    assert_eq!(conch.admission.requests().taken(), 0);
    assert_eq!(conch.admission.bytes().taken(), 0);
}

#[tokio::test]
async fn bytes_have_a_limit_too() {
    // A photo of the fake model: 192 bytes of pixels and 768 of floats.
    let conch = server(Duration::ZERO, &["--max-held", "1000"]);
    let refused = ask(conch.clone(), "192.0.2.1").await;
    let problem = refused.assert_problem(503, "overloaded");
    assert!(problem.detail.contains("bytes"), "{}", problem.detail);
    let conch = server(Duration::ZERO, &["--max-held", "3000"]);
    assert_eq!(ask(conch.clone(), "192.0.2.1").await.status, 200);
    assert_eq!(conch.admission.bytes().taken(), 0);
}

#[tokio::test]
async fn who_goes_away_gives_back_what_it_had() {
    let conch = server(Duration::from_secs(60), &[]);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        all.spawn(ask(conch.clone(), "192.0.2.1"));
    }
    eventually("twenty requests at work", async || {
        conch.admission.requests().taken() == 20
    })
    .await;
    assert!(conch.admission.bytes().taken() > 20 * 960);
    all.shutdown().await;
    assert_eq!(conch.admission.requests().taken(), 0);
    assert_eq!(conch.admission.bytes().taken(), 0);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let conch = server(Duration::ZERO, &["--rate", "1", "--rate-burst", "3"]);
    for _ in 0..3 {
        assert_eq!(ask(conch.clone(), "192.0.2.1").await.status, 200);
    }
    let refused = ask(conch.clone(), "192.0.2.1").await;
    refused.assert_problem(429, "too_often");
    assert_eq!(refused.header("retry-after"), "1");
    // Of IPv6 a household is one; a name that the client wrote itself is nobody's.
    assert_eq!(
        ask(conch.clone(), "192.0.2.1, 2001:db8::1").await.status,
        200
    );
    for _ in 0..2 {
        assert_eq!(ask(conch.clone(), "2001:db8::2").await.status, 200);
    }
    ask(conch.clone(), "2001:db8::3")
        .await
        .assert_problem(429, "too_often");
    // Neither the page nor an orchestrator is the API.
    for _ in 0..5 {
        assert_eq!(conch.get("/health/live").await.status, 200);
    }
}

#[tokio::test]
async fn forwarded_addresses_of_whoever_is_not_trusted_do_not_count() {
    let options = ["--rate", "1", "--rate-burst", "1"];
    let conch = TestServer::with(Fake::default(), &options);
    assert_eq!(ask(conch.clone(), "192.0.2.1").await.status, 200);
    ask(conch, "192.0.2.2")
        .await
        .assert_problem(429, "too_often");
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let conch = server(Duration::from_secs(60), &["--deadline", "1"]);
    let begun = Instant::now();
    ask(conch.clone(), "192.0.2.1")
        .await
        .assert_problem(504, "timed_out");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(conch.admission.requests().taken(), 0);
}

#[tokio::test]
async fn a_bomb_is_not_expanded_beyond_what_may_be_held() {
    use std::io::Write;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![0; 30 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    let conch = server(Duration::ZERO, &["--max-held", "4000000"]);
    let request = Request::post("/v2/models/fake/infer").header("content-encoding", "gzip");
    let answer = conch.send(request, Bytes::from(bomb)).await;
    // Under /v2 errors are in Triton's form.
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(conch.admission.bytes().taken(), 0);
}
