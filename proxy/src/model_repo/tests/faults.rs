//! What is wrong is told with file, line, expected and found.

use std::fs;

use tempfile::TempDir;

use super::*;

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
fn a_wrong_name_does_not_hide_what_else_is_wrong() {
    let config = CONFIG
        .replace("\"cats\"", "\"dogs\"")
        .replace("[ 3, 224, 224 ]", "[ 128 ]");
    let message = broken(&config);
    assert!(
        message.contains("\n  REPO/cats/config.pbtxt:2: the folder's name is"),
        "{message}"
    );
    assert!(
        message.contains("\n  REPO/cats/config.pbtxt:5: it takes no image"),
        "{message}"
    );
}

#[test]
fn what_is_no_image_classifier_leaves_the_others_alone() {
    let reason = |from: &str, to: &str| {
        assert!(CONFIG.contains(from), "{from}");
        unusable(&CONFIG.replace(from, to))
    };
    let line = |line: usize, reason: &str| format!("cats/config.pbtxt:{line}: {reason}");
    assert_eq!(
        reason("onnxruntime_onnx", "tensorrt_plan"),
        line(
            3,
            "it is no ONNX model: expected platform \"onnxruntime_onnx\" or backend \"onnxruntime\", \
             found platform \"tensorrt_plan\" and backend \"\""
        )
    );
    assert_eq!(
        reason("[ 3, 224, 224 ]", "[ 128 ]"),
        line(
            5,
            "it takes no image: expected the input's dims to be [3, side, side], found [128]"
        )
    );
    assert_eq!(
        reason("224, 224", "224, 192"),
        line(5, "expected a square input, found 224 rows of 192 pixels")
    );
    assert_eq!(
        reason("TYPE_FP32, format", "99, format"),
        line(
            5,
            "tensor \"in\": expected TYPE_FP32 or TYPE_UINT8, found 99"
        )
    );
    assert_eq!(
        reason("224, 224", "100000, 100000"),
        line(5, "expected a side of 1 to 4096 pixels, found 100000")
    );
    assert_eq!(
        reason("TYPE_FP32, format", "TYPE_STRING, format"),
        line(
            5,
            "tensor \"in\": expected TYPE_FP32 or TYPE_UINT8, found TYPE_STRING"
        )
    );
    assert_eq!(
        reason("output [", "input { name: \"two\" }\noutput ["),
        line(
            6,
            "it is no image classifier: expected one input and one output, found 2 and 1"
        )
    );
    assert_eq!(
        reason("dims: [ 3 ]", "dims: [ -1 ]"),
        line(
            6,
            "expected an output of one value a class, found dims [-1]"
        )
    );
    assert_eq!(
        reason("max_batch_size: 8", "max_batch_size: -1"),
        line(4, "max_batch_size: expected 0 or more, found -1")
    );
}

#[test]
fn what_takes_a_triton_is_told_so() {
    let with = |more: &str| unusable(&format!("{CONFIG}{more}"));
    let sequence = with("sequence_batching { }");
    assert!(
        sequence.starts_with("cats/config.pbtxt:7: its requests belong to sequences"),
        "{sequence}"
    );
    let ensemble = with("ensemble_scheduling { }");
    assert!(
        ensemble.starts_with(
            "cats/config.pbtxt:7: it is an ensemble of other models, which takes a Triton"
        ),
        "{ensemble}"
    );
}

#[test]
fn a_text_that_is_no_utf_8_is_told_with_its_place() {
    let repository = repository(CONFIG);
    let file = repository.path().join("cats/config.pbtxt");
    fs::write(&file, b"name: \"cats\"\n# \xff").unwrap();
    let message = read(repository.path()).unwrap_err().to_string();
    assert!(
        message.ends_with("config.pbtxt:2:3: expected a text in UTF-8"),
        "{message}"
    );
}

#[test]
fn a_config_too_long_is_told_with_the_line_where_its_limit_is_passed() {
    assert_eq!(
        broken(&"#23456789012345\n".repeat(625_000)),
        "REPO/cats/config.pbtxt:16385: expected at most 262144 bytes, found 10000000"
    );
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
