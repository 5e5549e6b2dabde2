//! The program as a person meets it: what it prints and how it ends.

#![allow(clippy::unwrap_used, reason = "a test may panic, that is its word")]

mod support;

use std::fs;
use std::net::TcpListener;

use serde_json::Value;
use support::{Running, conch, model_repo, sample, tiny_repository};

#[test]
fn a_missing_repository_ends_with_one_message() {
    conch(&["serve", "--bind", "127.0.0.1:0", "--model-repo", "nowhere"])
        .fails_with("conch: the model repository nowhere cannot be read: ")
        .and_says("--model-repo DIR");
}

#[test]
fn a_broken_config_ends_with_file_line_and_column() {
    let repository = tiny_repository();
    let config = repository.path().join("tiny/config.pbtxt");
    fs::write(
        &config,
        "name: \"tiny\"\n  platfrom: \"onnxruntime_onnx\"\n",
    )
    .unwrap();
    conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .fails_with(&format!(
            "conch: {}:2:3: field 'platfrom' not found",
            config.display()
        ));
}

#[test]
fn too_few_labels_end_the_start() {
    let repository = tiny_repository();
    let labels = repository.path().join("tiny/labels.txt");
    fs::write(&labels, "one\ntwo\n").unwrap();
    conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .fails_with(&format!(
            "conch: {}: expected a label for each of the 3 classes, found 2",
            labels.display()
        ));
}

#[test]
fn missing_weights_of_the_only_model_end_the_start() {
    let repository = tiny_repository();
    fs::remove_file(repository.path().join("tiny/1/model.onnx")).unwrap();
    conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .fails_with("conch: no model of ")
        .and_says("tiny: tiny/1/model.onnx is missing; scripts/setup/models.sh fetches");
}

#[test]
fn a_file_that_is_no_onnx_is_told_by_its_name() {
    let repository = tiny_repository();
    conch(&["models"])
        .in_repository(repository.path())
        .fails_with("conch: no model of ")
        .and_says("  tiny: model.onnx cannot be loaded: ");
}

#[test]
fn a_missing_library_ends_with_the_ways_to_get_one() {
    conch(&[
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--onnxruntime",
        "/nowhere/libonnxruntime.so",
    ])
    .in_repository(&model_repo())
    .fails_with("conch: ONNX Runtime's library is not where --onnxruntime says")
    .and_says("looked at: /nowhere/libonnxruntime.so")
    .and_says("scripts/setup/onnxruntime.sh puts it in place");
}

#[test]
fn a_file_that_is_no_library_ends_with_the_loaders_words() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display().to_string();
    conch(&["models", "--onnxruntime", &path])
        .in_repository(&model_repo())
        .fails_with("conch: ONNX Runtime, which runs the models, cannot be loaded: ")
        .and_says(&path);
}

#[test]
fn a_taken_port_ends_with_the_address_and_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    conch(&["serve", "--bind", &address])
        .in_repository(&model_repo())
        .fails_with(&format!("conch: cannot listen on {address}; "))
        .and_says("--bind 127.0.0.1:0 picks a free one");
}

#[test]
fn the_server_ends_cleanly_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let server = Running::start();
        assert!(server.get("/health/ready").ends_with("ready\n"));
        assert_eq!(server.end(signal), Some(0), "SIG{signal}");
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let text = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    fs::write(text.path(), "this is a text").unwrap();
    let bad = text.path().display().to_string();
    let done = conch(&[
        "classify",
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
        done.stdout.contains("     1  38.0 %  missile"),
        "{}",
        done.stdout
    );
}

#[test]
fn through_a_server_the_answers_are_the_same() {
    let server = Running::start();
    let photos = [sample("chelsea.png"), sample("coffee.png")];
    let mut line = vec!["classify", "--json", "--top-k", "3", &photos[0], &photos[1]];
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
