//! How a start fails: one clear message, and an exit that says so.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::net::TcpListener;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{conch, model_repo, tiny_repository};

#[test]
fn a_missing_repository_ends_with_one_message() {
    let why = fs::read_dir("nowhere").unwrap_err();
    let done = conch(&["serve", "--bind", "127.0.0.1:0", "--model-repo", "nowhere"]).run();
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.stderr,
        format!(
            "conch: the model repository nowhere cannot be read: {why}\n\
             Give another one: --model-repo DIR, or CONCH_MODEL_REPO=DIR\n"
        )
    );
}

#[test]
fn a_missing_file_ends_with_one_message() {
    let repository = tiny_repository();
    let labels = repository.path().join("tiny/labels.txt");
    fs::remove_file(&labels).unwrap();
    let why = fs::read(&labels).unwrap_err();
    let done = conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .run();
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.stderr,
        format!(
            "conch: {}:5: label_filename \"labels.txt\": {} cannot be read: {why}\n",
            repository.path().join("tiny/config.pbtxt").display(),
            labels.display()
        )
    );
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
fn without_a_library_anywhere_the_message_says_where_it_looked() {
    let nothing = TempDir::new().unwrap();
    // A system may have a library of its own: a file that is none, first on the loader's way,
    // keeps the loader from finding it.
    let first = TempDir::new().unwrap();
    let library = format!("{DLL_PREFIX}onnxruntime{DLL_SUFFIX}");
    fs::write(first.path().join(&library), "").unwrap();
    let done = conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(&model_repo())
        .without("CONCH_ONNXRUNTIME")
        .with("CONCH_CACHE", nothing.path())
        .with("HOME", nothing.path())
        .with("LD_LIBRARY_PATH", first.path())
        .fails_with("conch: ONNX Runtime, which runs the models, cannot be loaded: ")
        .and_says("scripts/setup/onnxruntime.sh puts it in place")
        .and_says("--onnxruntime PATH, or CONCH_ONNXRUNTIME=PATH");
    let program = Path::new(env!("CARGO_BIN_EXE_conch"));
    let beside = program.with_file_name(&library);
    let cached = nothing.path().join("onnxruntime/VERSION").join(&library);
    done.and_says(&format!(
        "\nlooked at: {}, {}, {library}\n",
        beside.display(),
        cached.display()
    ));
}

#[test]
fn a_library_that_is_not_where_the_option_says_is_told_by_its_path() {
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
        .fails_with(&format!("conch: cannot listen on {address}: "))
        .and_says("--bind 127.0.0.1:0 picks a free one");
}
