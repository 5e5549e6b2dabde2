//! `conch classify` and `conch models`.

use std::fs;
use std::net::TcpListener;

use serde_json::Value;

use crate::support::{Running, conch, model_repo, sample};

/// The model that every checkout with tests has; with another one there, the default may differ.
const MODEL: &str = "efficientnet_lite0";

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let text = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    fs::write(text.path(), "this is a text").unwrap();
    let bad = text.path().display().to_string();
    let done = conch(&[
        "classify",
        "--model",
        MODEL,
        &sample("coffee.png"),
        &bad,
        "nowhere.png",
        &sample("rocket.jpg"),
    ])
    .in_repository(&model_repo())
    .run();
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr.contains(&format!("{bad}: This is not a photo")),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr.contains("nowhere.png: The file cannot be read"),
        "{}",
        done.stderr
    );
    assert!(
        done.stdout.contains("     1  95.7 %  espresso"),
        "{}",
        done.stdout
    );
    assert!(
        done.stdout.contains("     1  38.1 %  missile"),
        "{}",
        done.stdout
    );
}

#[test]
fn through_a_server_the_answers_are_the_same() {
    let server = Running::start();
    let photos = [sample("chelsea.png"), sample("coffee.png")];
    let mut line = vec!["classify", "--model", MODEL, "--json", "--top-k", "3"];
    line.extend(photos.iter().map(String::as_str));
    let here = conch(&line).in_repository(&model_repo()).run();
    line.extend(["--server", &server.url]);
    let there = conch(&line).run();
    assert_eq!(
        (here.code, there.code),
        (Some(0), Some(0)),
        "{}",
        there.stderr
    );
    let document: Value = serde_json::from_str(&here.stdout).unwrap();
    assert_eq!(document[0]["predictions"][0]["label"], "tiger cat");
    assert_eq!(document[1]["predictions"].as_array().unwrap().len(), 3);
    assert_eq!(here.stdout, there.stdout);
}

#[test]
fn a_server_that_is_away_is_told() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    conch(&["models", "--server", &format!("http://{free}")])
        .fails_with("conch: no answer from http://")
        .and_says("is a conch serving there?");
    conch(&["models", "--server", "ftp://example.org"]).fails_with("conch: --server ftp://");
}

#[test]
fn an_unknown_model_is_told_with_those_that_are_there() {
    conch(&["classify", "--model", "nope", &sample("coffee.png")])
        .in_repository(&model_repo())
        .fails_with("conch: there is no model \"nope\"; there is efficientnet_lite0, mobilenet");
}

#[test]
fn models_are_listed_with_their_state() {
    let done = conch(&["models", "--json"])
        .in_repository(&model_repo())
        .run();
    let list: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(list["models"][0]["name"], "efficientnet_lite0");
    assert_eq!(list["models"][0]["state"], "ready");
    let table = conch(&["models"]).in_repository(&model_repo()).run().stdout;
    assert!(table.contains("efficientnet_lite0  ready"), "{table}");
}
