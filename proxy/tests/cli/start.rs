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

/// What `serve` says of a repository whose only config is this; `REPO` stands for the repository.
fn start_with(config: &str) -> String {
    let repository = tiny_repository();
    fs::write(repository.path().join("tiny/config.pbtxt"), config).unwrap();
    let line = conch(&["serve", "--bind", "127.0.0.1:0"]).in_repository(repository.path());
    let said = line.fails_with("conch: ").stderr;
    said.replace(&repository.path().display().to_string(), "REPO")
}

#[test]
fn a_config_nested_too_deep_is_told_with_its_place() {
    assert_eq!(
        start_with(&"input {\n".repeat(10_000)),
        "conch: REPO/tiny/config.pbtxt:65:7: expected at most 64 levels of nesting\n"
    );
}

#[test]
fn a_config_of_ten_megabytes_is_told_with_the_line_where_it_grows_too_long() {
    assert_eq!(
        start_with(&"# a comment of 32 characters ...\n".repeat(10_000_000 / 33)),
        "conch: REPO/tiny/config.pbtxt:7944: expected at most 262144 bytes, found 9999990\n"
    );
}

#[test]
fn an_unknown_platform_is_told_with_its_line() {
    let said = start_with("name: \"tiny\"\nplatform: \"onnx\"\n");
    assert!(
        said.contains(
            "\n  tiny: tiny/config.pbtxt:2: it is no ONNX model: expected platform \"onnxruntime_onnx\" \
             or backend \"onnxruntime\", found platform \"onnx\""
        ),
        "{said}"
    );
}

#[test]
fn the_laboratorys_two_wrong_names_are_told_at_once_with_both_ways_to_mend_each() {
    let repository = tiny_repository();
    let folder = repository.path().join("tiny");
    let config = fs::read_to_string(folder.join("config.pbtxt")).unwrap();
    let config = config.replace(
        "name: \"tiny\"\n",
        "name: \"large\"\ndefault_model_filename: \"model.onnx\"\n",
    );
    fs::write(folder.join("config.pbtxt"), config).unwrap();
    fs::rename(
        folder.join("1/model.onnx"),
        folder.join("1/mobilenetv2.onnx"),
    )
    .unwrap();
    let said = conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .fails_with("conch: 2 things are wrong in the model repository ");
    let root = repository.path().display().to_string();
    assert_eq!(
        said.stderr.replace(&root, "REPO"),
        "conch: 2 things are wrong in the model repository REPO:\n  \
         REPO/tiny/config.pbtxt:1: the folder's name is \"tiny\" and the config's is \"large\"; they must be \
         equal. Rename the folder to \"large\", or write name: \"tiny\" in the config\n  \
         REPO/tiny/1/model.onnx is missing: default_model_filename is \"model.onnx\" (config.pbtxt:2), \
         the folder holds \"mobilenetv2.onnx\". Rename the file, or write \
         default_model_filename: \"mobilenetv2.onnx\"\n"
    );
}

#[test]
fn dims_that_are_not_the_files_are_told_with_line_and_both_values() {
    const MODEL: &str = "efficientnet_lite0";
    let (from, repository) = (model_repo().join(MODEL), TempDir::new().unwrap());
    let to = repository.path().join(MODEL);
    fs::create_dir_all(to.join("1")).unwrap();
    for file in ["labels.txt", "1/efficientnet_lite0.onnx"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    let config = fs::read_to_string(from.join("config.pbtxt")).unwrap();
    let line = config
        .lines()
        .position(|line| line.contains("dims: [ 1000 ]"));
    let config = config.replace("dims: [ 1000 ]", "dims: [ 999 ]");
    fs::write(to.join("config.pbtxt"), config).unwrap();
    conch(&["serve", "--bind", "127.0.0.1:0"])
        .in_repository(repository.path())
        .fails_with("conch: no model of ")
        .and_says(&format!(
            "  {MODEL}: {MODEL}/config.pbtxt:{}: output \"output\": the config's dims make [-1, 999], \
             the ONNX file has [-1, 1000]",
            line.unwrap() + 1
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
