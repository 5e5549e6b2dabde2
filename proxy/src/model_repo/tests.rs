use std::fs;

use conch_shared::model::Layout;
use tempfile::TempDir;

use super::*;

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
    only(&repository(config)).artifact.unwrap_err().to_string()
}

#[test]
fn a_whole_model_is_read() {
    let repository = repository(CONFIG);
    let model = only(&repository);
    let spec = model.spec.unwrap();
    assert_eq!(
        (spec.name.as_str(), spec.classes, spec.max_photos()),
        ("cats", 3, 8)
    );
    assert_eq!(spec.recipe.batch_shape(2).dims(), [2, 3, 224, 224]);
    assert_eq!(model.labels.get(1), Some("tiger"));
    let artifact = model.artifact.unwrap();
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
    let spec = model.spec.unwrap();
    assert_eq!((spec.classes, spec.max_photos()), (3, 1));
    assert_eq!(model.artifact.unwrap().input_dims, [1, 3, 224, 224]);
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
    assert_eq!(model.spec.unwrap().classes, 3);
    let artifact = model.artifact.unwrap();
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

#[test]
fn the_highest_version_runs_and_other_folders_do_not_count() {
    let repository = repository(CONFIG);
    for version in ["2", "10", "007", "old"] {
        let folder = repository.path().join("cats").join(version);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("model.onnx"), "").unwrap();
    }
    let model = only(&repository);
    assert_eq!(model.versions, [1, 2, 10]);
    assert_eq!(model.artifact.unwrap().version, 10);
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

#[test]
fn a_broken_config_is_told_by_file_line_and_column() {
    assert_eq!(
        broken(&CONFIG.replace("max_batch_size: 8", "  max_batch: 8")),
        "REPO/cats/config.pbtxt:4:3: field 'max_batch' not found for message 'inference.ModelConfig'"
    );
    let eight = broken(&CONFIG.replace("max_batch_size: 8", "max_batch_size: eight"));
    assert!(
        eight.starts_with("REPO/cats/config.pbtxt:4:17: "),
        "{eight}"
    );
    // The colon that `input [` gets must not move the columns behind it.
    let inside = broken(&CONFIG.replace("TYPE_FP32, format", "TYPE_FP31, format"));
    assert!(
        inside.starts_with("REPO/cats/config.pbtxt:5:34: "),
        "{inside}"
    );
    let open = broken("name: \"cats\"\ninput [ {");
    assert!(open.starts_with("REPO/cats/config.pbtxt:2:10: "), "{open}");
    let deep = broken(&"input {".repeat(10_000));
    assert!(
        deep.contains("config.pbtxt:1:455: expected at most 64 levels"),
        "{deep}"
    );
}

#[test]
fn a_config_of_megabytes_is_not_read() {
    assert_eq!(
        broken(&"#".repeat(10_000_000)),
        "REPO/cats/config.pbtxt: expected at most 262144 bytes, found 10000000"
    );
}

#[test]
fn names_that_differ_are_told_with_both_ways_to_mend_them() {
    assert_eq!(
        broken(&CONFIG.replace("\"cats\"", "\"dogs\"")),
        "REPO/cats/config.pbtxt: the folder's name is \"cats\" and the config's is \"dogs\"; they must be \
         equal. Rename the folder to \"dogs\", or write name: \"cats\" in the config"
    );
    assert_eq!(
        only(&repository(&CONFIG.replace("name: \"cats\"", ""))).name,
        "cats"
    );
}

#[test]
fn every_class_needs_a_label() {
    assert_eq!(
        broken(&CONFIG.replace("[ 3 ]", "[ 4 ]")),
        "REPO/cats/labels.txt: expected a label for each of the 4 classes, found 3"
    );
    assert!(
        only(&repository(&CONFIG.replace("labels.txt", "")))
            .labels
            .is_empty()
    );
    let missing = broken(&CONFIG.replace("labels.txt", "names.txt"));
    assert!(
        missing.starts_with("REPO/cats/names.txt cannot be read: "),
        "{missing}"
    );
    let outside = broken(&CONFIG.replace("labels.txt", "../labels.txt"));
    assert!(
        outside.contains("leads out of the model's folder"),
        "{outside}"
    );
}

#[test]
fn a_parameter_that_means_nothing_is_broken() {
    let parameter = |key: &str, value: &str| {
        let entry =
            format!("parameters {{ key: \"{key}\" value {{ string_value: \"{value}\" }} }}");
        broken(&(CONFIG.to_owned() + &entry))
    };
    assert_eq!(
        parameter("preprocess.mean", "grey"),
        "REPO/cats/config.pbtxt: parameter \"preprocess.mean\": expected three numbers, found \"grey\""
    );
    assert!(parameter("output.activation", "relu").contains("expected softmax or none"));
}

#[test]
fn missing_weights_are_told_with_the_way_to_get_them() {
    assert_eq!(
        unusable(&(CONFIG.to_owned() + "default_model_filename: \"cats.onnx\"")),
        "cats/1/cats.onnx is missing; scripts/setup/models.sh fetches the models that come with Conch, \
         any other file has to be put there"
    );
    let outside = unusable(&(CONFIG.to_owned() + "default_model_filename: \"../../x.onnx\""));
    assert!(
        outside.contains("leads out of the model's folder"),
        "{outside}"
    );
}

#[test]
fn what_is_no_image_classifier_leaves_the_others_alone() {
    let reason = |from: &str, to: &str| unusable(&CONFIG.replace(from, to));
    assert!(reason("onnxruntime_onnx", "tensorrt_plan").contains("it is no ONNX model"));
    assert!(reason("[ 3, 224, 224 ]", "[ 128 ]").contains("found [128]"));
    assert!(reason("224, 224", "224, 192").contains("found 224 rows of 192 pixels"));
    assert!(reason("TYPE_FP32, format", "TYPE_STRING, format").contains("found TYPE_STRING"));
    assert!(reason("input [", "input { name: \"two\" } input [").contains("found 2 and 1"));
    assert!(reason("dims: [ 3 ]", "dims: [ -1 ]").contains("one value a class"));
    assert!(reason("max_batch_size: 8", "max_batch_size: -1").contains("expected 0 or more"));
}

#[test]
fn a_repository_without_models_is_told() {
    let empty = TempDir::new().unwrap();
    assert!(
        read(empty.path())
            .unwrap_err()
            .to_string()
            .contains("holds no model")
    );
    let gone = empty.path().join("gone");
    let message = read(&gone).unwrap_err().to_string();
    assert!(
        message.contains("cannot be read") && message.contains("--model-repo"),
        "{message}"
    );
}
