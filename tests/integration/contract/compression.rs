//! gzip and deflate, of requests and of responses.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use reqwest::Method;
use serde_json::{Value, json};

use super::message::Message;
use super::subject::Subject;
use crate::support::Answer;

fn message() -> Message {
    Message::photo("chelsea.png").wanting(json!({ "classification": 5 }))
}

fn compressed(encoding: &str, body: &[u8]) -> Vec<u8> {
    let level = Compression::fast();
    if encoding == "gzip" {
        let mut encoder = GzEncoder::new(Vec::new(), level);
        encoder.write_all(body).unwrap();
        return encoder.finish().unwrap();
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn expanded(answer: &Answer) -> Vec<u8> {
    let mut body = Vec::new();
    match answer.header("content-encoding") {
        "gzip" => GzDecoder::new(&*answer.body).read_to_end(&mut body),
        "deflate" => ZlibDecoder::new(&*answer.body).read_to_end(&mut body),
        "" => (&*answer.body).read_to_end(&mut body),
        other => panic!("{other}"),
    }
    .unwrap();
    body
}

async fn send(subject: &Subject, encoding: &str, body: Vec<u8>) -> Answer {
    let message = message();
    let request = subject.send(Method::POST, &message.path, |request| {
        message
            .headers(request)
            .header("content-encoding", encoding)
            .body(body)
    });
    request.await
}

/// The length of the header is that before compression.
pub(super) async fn of_requests(subject: Arc<Subject>, triton: Arc<Subject>) {
    let plain: Value = triton.infer(&message()).await.json();
    for encoding in ["gzip", "deflate"] {
        let answer = send(&subject, encoding, compressed(encoding, &message().body())).await;
        assert_eq!(labels(&answer.json()), labels(&plain), "{encoding}");
    }
    let theirs = send(&triton, "gzip", b"not gzip".to_vec()).await;
    let ours = send(&subject, "gzip", b"not gzip".to_vec()).await;
    assert_eq!(
        (ours.status.as_u16(), theirs.status.as_u16()),
        (400, 400),
        "{}",
        ours.text()
    );
}

pub(super) async fn of_responses(subject: Arc<Subject>, triton: Arc<Subject>) {
    let plain: Value = triton.infer(&message()).await.json();
    for accepted in ["gzip", "deflate", "gzip, deflate", "identity"] {
        let ask = async |subject: &Subject| {
            let message = message();
            let request = subject.send(Method::POST, &message.path, |request| {
                let request = message.headers(request).body(message.body());
                request.header("accept-encoding", accepted)
            });
            request.await
        };
        let (ours, theirs) = (ask(&subject).await, ask(&triton).await);
        let encoding = |answer: &Answer| answer.header("content-encoding").to_owned();
        assert_eq!(encoding(&ours), encoding(&theirs), "{accepted}");
        let body: Value = serde_json::from_slice(&expanded(&ours)).unwrap();
        assert_eq!(labels(&body), labels(&plain), "{accepted}");
    }
}

/// The texts of a classification without their scores.
fn labels(body: &Value) -> Vec<String> {
    let data = body["outputs"][0]["data"].as_array().unwrap().iter();
    data.map(|text| text.as_str().unwrap().split_once(':').unwrap().1.to_owned())
        .collect()
}
