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
    let model = only(&versions(&config, &["1", "2", "10", "007", "old"]));
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
        "cats/7 is missing: the version_policy names it (config.pbtxt:7)"
    );
    assert_eq!(
        unusable(&format!("{CONFIG}version_policy {{ latest {{}} }}")),
        "cats/config.pbtxt:7: version_policy: expected a policy that serves a version, found none"
    );
}

#[test]
fn without_a_version_the_first_is_missing() {
    let model = only(&versions(CONFIG, &[]));
    assert!(model.versions.is_empty());
    let reason = model.unusable.unwrap().to_string();
    assert!(
        reason.starts_with("cats/1/model.onnx is missing; "),
        "{reason}"
    );
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
        "REPO/cats/config.pbtxt:1: expected at most 262144 bytes, found 10000000"
    );
}

#[test]
fn names_that_differ_are_told_with_both_ways_to_mend_them() {
    assert_eq!(
        broken(&CONFIG.replace("\"cats\"", "\"dogs\"")),
        "REPO/cats/config.pbtxt:2: the folder's name is \"cats\" and the config's is \"dogs\"; they must be \
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
        missing.starts_with("REPO/cats/config.pbtxt:6: label_filename \"names.txt\": REPO/cats/names.txt cannot be read: "),
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
        "REPO/cats/config.pbtxt:7: parameter \"preprocess.mean\": expected three numbers, found \"grey\""
    );
    assert!(parameter("output.activation", "relu").contains("expected softmax or none"));
}

#[test]
fn missing_weights_are_told_with_the_way_to_get_them() {
    let model = only(&versions(CONFIG, &[]));
    assert_eq!(
        model.unusable.unwrap().to_string(),
        "cats/1/model.onnx is missing; scripts/setup/models.sh fetches the models that come with Conch, \
         any other file has to be put there"
    );
    let outside = unusable(&(CONFIG.to_owned() + "default_model_filename: \"../../x.onnx\""));
    assert_eq!(
        outside,
        "cats/config.pbtxt:7: default_model_filename \"../../x.onnx\" leads out of the model's folder"
    );
}

#[test]
fn a_file_under_another_name_is_told_with_both_ways_to_mend_it() {
    assert_eq!(
        unusable(&(CONFIG.to_owned() + "default_model_filename: \"cats.onnx\"")),
        "cats/1/cats.onnx is missing: default_model_filename is \"cats.onnx\" (config.pbtxt:7), \
         the folder holds \"model.onnx\". Rename the file, or write default_model_filename: \"model.onnx\""
    );
    let repository = repository(CONFIG);
    let folder = repository.path().join("cats/1");
    fs::rename(folder.join("model.onnx"), folder.join("mobilenetv2.onnx")).unwrap();
    assert_eq!(
        newest(only(&repository)).unwrap_err().to_string(),
        "cats/1/model.onnx is missing: default_model_filename is absent, which means \"model.onnx\", \
         the folder holds \"mobilenetv2.onnx\". Rename the file, or write \
         default_model_filename: \"mobilenetv2.onnx\""
    );
}

#[test]
fn everything_that_is_broken_is_told_at_once() {
    let config = CONFIG.replace("\"cats\"", "\"dogs\"") + "default_model_filename: \"dogs.onnx\"";
    let repository = repository(&config);
    let second = repository.path().join("birds");
    fs::create_dir(&second).unwrap();
    fs::write(second.join("config.pbtxt"), "platfrom: \"x\"").unwrap();
    let message = read(repository.path()).unwrap_err().to_string();
    let message = message.replace(&repository.path().display().to_string(), "REPO");
    assert_eq!(
        message.lines().collect::<Vec<_>>(),
        [
            "3 things are wrong in the model repository REPO:",
            "  REPO/birds/config.pbtxt:1:1: field 'platfrom' not found for message 'inference.ModelConfig'",
            "  REPO/cats/config.pbtxt:2: the folder's name is \"cats\" and the config's is \"dogs\"; they \
             must be equal. Rename the folder to \"dogs\", or write name: \"cats\" in the config",
            "  REPO/cats/1/dogs.onnx is missing: default_model_filename is \"dogs.onnx\" (config.pbtxt:7), \
             the folder holds \"model.onnx\". Rename the file, or write default_model_filename: \"model.onnx\"",
        ]
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
