use std::fs;

use conch_shared::model::Layout;
use tempfile::TempDir;

use super::*;

mod faults;
mod print;
mod scheduling;
mod triton;

const CONFIG: &str = r#"
name: "cats"
platform: "onnxruntime_onnx"
max_batch_size: 8
input [ { name: "in", data_type: TYPE_FP32, format: FORMAT_NCHW, dims: [ 3, 224, 224 ] } ]
output [ { name: "out", data_type: TYPE_FP32, dims: [ 3 ], label_filename: "labels.txt" } ]
"#;

/// A repository with one model, `cats`: three classes, weights in version 1.
fn repository(config: &str) -> TempDir {
    let repository = TempDir::new().unwrap();
    let folder = repository.path().join("cats");
    fs::create_dir_all(folder.join("1")).unwrap();
    fs::write(folder.join("config.pbtxt"), config).unwrap();
    fs::write(folder.join("labels.txt"), "tabby\ntiger\nlynx\n").unwrap();
    fs::write(folder.join("1/model.onnx"), "").unwrap();
    repository
}

fn only(repository: &TempDir) -> RepoModel {
    read(repository.path()).unwrap().pop().unwrap()
}

fn broken(config: &str) -> String {
    let repository = repository(config);
    let message = read(repository.path()).unwrap_err().to_string();
    message.replace(&repository.path().display().to_string(), "REPO")
}

fn unusable(config: &str) -> String {
    let model = only(&repository(config));
    let reason = model.unusable.clone();
    let reason = reason.unwrap_or_else(|| newest(model).unwrap_err());
    reason.to_string()
}

/// The weights of the newest version.
fn newest(mut model: RepoModel) -> Result<Artifact, Unusable> {
    model.versions.pop().unwrap().1
}

#[test]
fn a_whole_model_is_read() {
    let repository = repository(CONFIG);
    let model = only(&repository);
    let spec = model.spec.clone().unwrap();
    assert_eq!(
        (spec.name.as_str(), spec.classes, spec.max_photos()),
        ("cats", 3, 8)
    );
    assert_eq!(spec.recipe.batch_shape(2).dims(), [2, 3, 224, 224]);
    assert_eq!(model.labels.get(1), Some("tiger"));
    let artifact = newest(model).unwrap();
    assert_eq!(artifact.file, repository.path().join("cats/1/model.onnx"));
    assert_eq!(artifact.input_dims, [-1, 3, 224, 224]);
    assert_eq!(artifact.output_dims, [-1, 3]);
}

#[test]
fn without_a_batch_dims_are_the_whole_shape() {
    let config = CONFIG
        .replace("max_batch_size: 8", "max_batch_size: 0")
        .replace("[ 3, 224, 224 ]", "[ 1, 3, 224, 224 ]")
        .replace("[ 3 ]", "[ -1, 3 ]");
    let model = only(&repository(&config));
    let spec = model.spec.clone().unwrap();
    assert_eq!((spec.classes, spec.max_photos()), (3, 1));
    assert_eq!(newest(model).unwrap().input_dims, [1, 3, 224, 224]);
}

#[test]
fn a_reshape_is_what_the_graph_sees() {
    let config = CONFIG
        .replace("max_batch_size: 8", "max_batch_size: 0")
        .replace(
            "dims: [ 3, 224, 224 ]",
            "dims: [ 3, 224, 224 ] reshape { shape: [ 1, 3, 224, 224 ] }",
        )
        .replace(
            "dims: [ 3 ]",
            "dims: [ 3 ] reshape { shape: [ 1, 3, 1, 1 ] }",
        );
    let model = only(&repository(&config));
    assert_eq!(model.spec.as_ref().unwrap().classes, 3);
    let artifact = newest(model).unwrap();
    assert_eq!(artifact.input_dims, [1, 3, 224, 224]);
    assert_eq!(artifact.output_dims, [1, 3, 1, 1]);
}

#[test]
fn channels_may_come_last() {
    let config = CONFIG
        .replace("FORMAT_NCHW", "FORMAT_NHWC")
        .replace("3, 224, 224", "224, 224, 3");
    let spec = only(&repository(&config)).spec.unwrap();
    assert_eq!(spec.recipe.layout, Layout::Nhwc);
    assert_eq!(spec.recipe.batch_shape(1).dims(), [1, 224, 224, 3]);
}

/// A repository whose model has these version folders, each with weights.
fn versions(config: &str, folders: &[&str]) -> TempDir {
    let repository = repository(config);
    let folder = repository.path().join("cats");
    fs::remove_dir_all(folder.join("1")).unwrap();
    for version in folders {
        fs::create_dir(folder.join(version)).unwrap();
        fs::write(folder.join(version).join("model.onnx"), "").unwrap();
    }
    repository
}

/// The versions that a policy serves of 1, 2 and 10; those that cannot run with a minus.
fn served(policy: &str) -> Vec<i64> {
    let config = format!("{CONFIG}{policy}");
    let model = only(&versions(&config, &["1", "2", "10", "007", "+11", "old"]));
    let signed = |(version, weights): &(u64, Result<Artifact, Unusable>)| match weights {
        Ok(_) => *version as i64,
        Err(_) => -(*version as i64),
    };
    model.versions.iter().map(signed).collect()
}

#[test]
fn the_policy_chooses_among_the_folders_whose_names_are_numbers() {
    assert_eq!(served(""), [10]);
    assert_eq!(
        served("version_policy { latest { num_versions: 2 } }"),
        [2, 10]
    );
    assert_eq!(
        served("version_policy { latest { num_versions: 9 } }"),
        [1, 2, 10]
    );
    assert_eq!(served("version_policy: { all {} }"), [1, 2, 10]);
    assert_eq!(
        served("version_policy { specific { versions: [ 10, 3, 1, 1 ] } }"),
        [1, -3, 10]
    );
}

#[test]
fn a_version_that_is_not_there_is_told_with_the_line_that_names_it() {
    let config = format!("{CONFIG}version_policy {{ specific {{ versions: 7 }} }}");
    assert_eq!(
        unusable(&config),
        "cats/7 is missing: the version_policy lists it (config.pbtxt:7)"
    );
    assert_eq!(
        unusable(&format!("{CONFIG}version_policy {{ latest {{}} }}")),
        "cats/config.pbtxt:7: version_policy: expected a policy that serves a version, found none"
    );
}

#[test]
fn without_a_version_the_first_is_missing() {
    for policy in ["", "version_policy { all {} }"] {
        let model = only(&versions(&format!("{CONFIG}{policy}"), &[]));
        assert!(model.versions.is_empty());
        let reason = model.unusable.unwrap().to_string();
        assert!(
            reason.starts_with("cats/1/model.onnx is missing; "),
            "{reason}"
        );
    }
}

#[test]
fn all_that_triton_knows_is_accepted() {
    let config = CONFIG.to_owned()
        + r#"
        version_policy: { latest { num_versions: 2 } }
        instance_group [ { count: 1, kind: KIND_CPU }, < kind: KIND_GPU; gpus: [ 0, 1 ] > ]
        dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 100
          default_queue_policy { timeout_action: DELAY max_queue_size: 16 } }
        optimization { graph { level: 1 } execution_accelerators {
          cpu_execution_accelerator [ { name: "openvino" parameters { key: "a" value: "b" } } ] } }
        model_warmup [ { name: "w" batch_size: 1 inputs { key: "in"
          value { data_type: TYPE_FP32 dims: [ 3, 224, 224 ] zero_data: true } } } ]
        response_cache { enable: true }
        parameters: { key: 'preprocess.resize' value: { string_value: '300' } }"#;
    assert_eq!(only(&repository(&config)).spec.unwrap().recipe.resize, 300);
}
