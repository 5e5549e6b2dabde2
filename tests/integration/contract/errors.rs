//! What does not fit is refused as Triton refuses it: the status, and `{"error": "…"}`. The sentence
//! is each server's own.
//!
//! One rule differs on purpose: where Triton answers 500, Internal Server Error, to a request that
//! it cannot read, `conch` answers 400, since the fault is the client's and asking again is in vain.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use super::message::{Message, pixels};
use super::subject::{MODEL_PATH, Subject};
use crate::support::Answer;

#[track_caller]
fn assert_refused_alike(what: &str, subject: &Subject, ours: &Answer, theirs: &Answer) {
    assert!(!theirs.status.is_success(), "{what}: Triton takes it");
    let expected = match theirs.status.as_u16() {
        500 if !subject.is_triton() => 400,
        status => status,
    };
    assert_eq!(ours.status, expected, "{what}: {}", ours.text());
    let body: Value = serde_json::from_slice(&ours.body)
        .unwrap_or_else(|e| panic!("{what}: {e}: {}", ours.text()));
    assert_eq!(
        body.as_object().map(|body| body.len()),
        Some(1),
        "{what}: {body}"
    );
    assert!(
        !body["error"].as_str().unwrap_or_default().is_empty(),
        "{what}: {body}"
    );
    if !subject.is_triton() {
        assert_eq!(ours.header("content-type"), "application/json", "{what}");
    }
}

async fn all_refused(subject: &Subject, triton: &Subject, requests: Vec<(&str, Message)>) {
    for (what, message) in requests {
        let (ours, theirs) = (subject.infer(&message).await, triton.infer(&message).await);
        assert_refused_alike(what, subject, &ours, &theirs);
    }
    // Nobody was hurt.
    assert_eq!(subject.infer(&photo()).await.status, 200);
}

fn photo() -> Message {
    Message::photo("chelsea.png")
}

fn at(path: &str) -> Message {
    Message {
        path: path.to_owned(),
        ..photo()
    }
}

/// As many zeros as the shape wants.
fn zeros(shape: &[usize]) -> Message {
    Message::new(shape, vec![0; shape.iter().product::<usize>() * 4])
}

fn with_tail(change: impl FnOnce(&mut Vec<u8>)) -> Message {
    let mut message = photo();
    change(&mut message.tail);
    message
}

pub(super) async fn requests_that_do_not_fit(subject: Arc<Subject>, triton: Arc<Subject>) {
    let input = photo().header["inputs"][0].clone();
    let requests = vec![
        ("unknown model", at("/v2/models/nope/infer")),
        (
            "unknown version",
            at(&format!("{MODEL_PATH}/versions/9/infer")),
        ),
        ("unknown input", photo().with("/inputs/0/name", json!("x"))),
        (
            "wrong datatype",
            Message::new(&[1, 3, 224, 224], vec![0; 150_528 * 8])
                .with("/inputs/0/datatype", json!("FP64")),
        ),
        (
            "unknown datatype",
            photo().with("/inputs/0/datatype", json!("FP31")),
        ),
        ("wrong shape", zeros(&[1, 3, 224, 223])),
        ("no batch dimension", zeros(&[3, 224, 224])),
        ("an empty batch", zeros(&[0, 3, 224, 224])),
        ("too large a batch", zeros(&[33, 3, 224, 224])),
        (
            "unknown output",
            photo().with("/outputs", json!([{ "name": "zz" }])),
        ),
        ("no input", photo().with("/inputs", json!([]))),
        (
            "an input twice",
            photo().with("/inputs", json!([input, input])),
        ),
        ("missing bytes", with_tail(|tail| tail.truncate(100))),
        ("extra bytes", with_tail(|tail| tail.extend([0; 4]))),
        (
            "fewer bytes than the shape",
            photo().with("/inputs/0/shape", json!([2, 3, 224, 224])),
        ),
        (
            "neither bytes nor data",
            photo().with("/inputs/0/parameters", json!({})),
        ),
    ];
    all_refused(&subject, &triton, requests).await;
}

pub(super) async fn requests_that_cannot_be_read(subject: Arc<Subject>, triton: Arc<Subject>) {
    let length = |said: &str| Message {
        said: Some(said.to_owned()),
        ..photo()
    };
    let in_json = |data: Value| {
        let message = Message::new(&[1, 3, 224, 224], vec![]).with("/inputs/0/data", data);
        message.with("/inputs/0/parameters", json!({}))
    };
    let requests = vec![
        ("a header longer than the body", length("99999999")),
        ("a header cut short", length("20")),
        ("no inputs", photo().with("/inputs", Value::Null)),
        (
            "a negative count of classes",
            photo().wanting(json!({ "classification": -1 })),
        ),
        ("too few numbers", in_json(json!(vec![0; 150_527]))),
        ("too many numbers", in_json(json!(vec![0; 150_529]))),
        ("texts for numbers", in_json(json!(vec!["a"; 150_528]))),
    ];
    all_refused(&subject, &triton, requests).await;
    let infer = format!("{MODEL_PATH}/infer");
    for body in ["hello", "{", "[1, 2]", "\"text\""] {
        let (ours, theirs) = (
            subject.post(&infer, body).await,
            triton.post(&infer, body).await,
        );
        assert_refused_alike(body, &subject, &ours, &theirs);
    }
    let index = "/v2/repository/index";
    let (ours, theirs) = (
        subject.post(index, "xx").await,
        triton.post(index, "xx").await,
    );
    assert_refused_alike(index, &subject, &ours, &theirs);
}

pub(super) async fn paths_and_methods(subject: Arc<Subject>, triton: Arc<Subject>) {
    let version = |rest: &str| format!("{MODEL_PATH}/versions/{rest}");
    for (method, path) in [
        (Method::GET, "/v2/nope".to_owned()),
        (Method::GET, "/v2/models/nope".to_owned()),
        (Method::GET, "/v2/models/nope/config".to_owned()),
        (Method::GET, "/v2/models/nope/stats".to_owned()),
        (Method::GET, version("7")),
        (Method::GET, version("7/config")),
        (Method::GET, version("7/stats")),
        (Method::GET, version("x")),
        (Method::GET, format!("{MODEL_PATH}/infer")),
        (Method::POST, MODEL_PATH.to_owned()),
        (Method::POST, "/v2/health/live".to_owned()),
    ] {
        let what = format!("{method} {path}");
        let ours = subject.send(method.clone(), &path, |request| request).await;
        let theirs = triton.send(method, &path, |request| request).await;
        assert_refused_alike(&what, &subject, &ours, &theirs);
    }
}

pub(super) async fn a_batch_where_there_is_none(subject: Arc<Subject>, triton: Arc<Subject>) {
    let two = [pixels("chelsea.png"), pixels("coffee.png")].concat();
    let requests = vec![
        ("two photos", Message::new(&[2, 3, 224, 224], two)),
        ("no first dimension", zeros(&[3, 224, 224])),
    ];
    all_refused(&subject, &triton, requests).await;
}
