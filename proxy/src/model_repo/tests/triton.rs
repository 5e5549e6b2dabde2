//! What Triton says of the same config. The samples are Triton 2.51's own answers to
//! `GET /v2/models/{name}/config`, on a machine without a GPU.

use std::path::Path;

use serde_json::{Value, json};

use super::*;

/// Our JSON of a config, and Triton's.
fn both(name: &str, config: &str, sample: &str) -> (Value, Value) {
    let repository = TempDir::new().unwrap();
    let folder = repository.path().join(name);
    fs::create_dir_all(folder.join("1")).unwrap();
    fs::write(folder.join("config.pbtxt"), config).unwrap();
    fs::write(folder.join("labels.txt"), "label\n".repeat(1000)).unwrap();
    for file in ["model.onnx", "efficientnet_lite0.onnx"] {
        fs::write(folder.join("1").join(file), "").unwrap();
    }
    let ours = only(&repository).config.unwrap();
    (ours, serde_json::from_str(sample).unwrap())
}

/// Takes a value out of both; they differ, and are these.
fn differ(both: &mut (Value, Value), place: &str, ours: &Value, tritons: &Value) {
    let found = (both.0.pointer_mut(place), both.1.pointer_mut(place));
    let (Some(our), Some(their)) = found else {
        panic!("{place} is not in both");
    };
    assert_eq!(
        (our.take(), their.take()),
        (ours.clone(), tritons.clone()),
        "{place}"
    );
}

#[test]
fn the_repositorys_config_is_printed_as_triton_prints_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model_repo/efficientnet_lite0");
    let config = fs::read_to_string(folder.join("config.pbtxt")).unwrap();
    let sample = include_str!("../samples/efficientnet_lite0.json");
    let mut both = both("efficientnet_lite0", &config, sample);
    // The file that Triton runs its backend with: ours has none.
    differ(&mut both, "/runtime", &json!(""), &json!("model.py"));
    // Where the config says nothing, we run one graph and Triton two.
    differ(&mut both, "/instance_group/0/count", &json!(1), &json!(2));
    assert_eq!(both.0, both.1);
}

#[test]
fn fields_that_are_set_are_printed_as_triton_prints_them() {
    let config = include_str!("../samples/pref.pbtxt");
    let mut both = both("pref", config, include_str!("../samples/pref.json"));
    differ(&mut both, "/runtime", &json!(""), &json!("model.py"));
    // A count of 0: one graph here, two there.
    differ(&mut both, "/instance_group/1/count", &json!(1), &json!(2));
    assert_eq!(both.0, both.1);
}

#[test]
fn metadata_has_the_batch_in_front_and_the_versions_that_are_there() {
    let config = format!("{CONFIG}version_policy {{ specific {{ versions: [ 1, 3, 2 ] }} }}");
    let metadata = only(&versions(&config, &["1", "2"])).metadata.unwrap();
    assert_eq!(
        serde_json::to_value(metadata).unwrap(),
        json!({
            "name": "cats",
            "versions": ["1", "2"],
            "platform": "onnxruntime_onnx",
            "inputs": [{ "name": "in", "datatype": "FP32", "shape": [-1, 3, 224, 224] }],
            "outputs": [{ "name": "out", "datatype": "FP32", "shape": [-1, 3] }],
        })
    );
}

#[test]
fn metadata_of_whole_shapes_is_the_dims() {
    let config = CONFIG
        .replace("max_batch_size: 8", "max_batch_size: 0")
        .replace(
            "dims: [ 3, 224, 224 ]",
            "dims: [ 3, 224, 224 ] reshape { shape: [ 1, 3, 224, 224 ] }",
        )
        .replace("platform: \"onnxruntime_onnx\"", "backend: \"onnxruntime\"");
    let metadata = only(&repository(&config)).metadata.unwrap();
    assert_eq!(metadata.inputs[0].shape, [3, 224, 224]);
    assert_eq!(metadata.platform, "onnxruntime_onnx");
}

#[test]
fn a_spec_comes_from_tritons_json_whatever_the_platform() {
    let sample = include_str!("../samples/efficientnet_lite0.json");
    let mut config: Value = serde_json::from_str(sample).unwrap();
    config["platform"] = "tensorrt_plan".into();
    config["something_new"] = json!({ "of": "tomorrow" });
    let spec = spec_of(&config, "lite").unwrap();
    assert_eq!(
        (spec.name.as_str(), spec.classes, spec.max_batch_size),
        ("lite", 1000, 32)
    );
    assert_eq!(spec.display.title, "EfficientNet-Lite0");
}

#[test]
fn a_spec_takes_defaults_for_what_the_json_lacks() {
    let config = json!({
        "name": "few",
        "input": [{ "name": "in", "data_type": "TYPE_FP32", "dims": [1, 3, 8, 8] }],
        "output": [{ "name": "out", "data_type": "TYPE_FP32", "dims": [1, 5] }],
    });
    let spec = spec_of(&config, "few").unwrap();
    assert_eq!(
        (spec.max_photos(), spec.classes, spec.recipe.crop),
        (1, 5, 8)
    );
    let message = |config: Value| spec_of(&config, "few").unwrap_err().to_string();
    assert_eq!(
        message(json!({})),
        "it is no image classifier: expected one input and one output, found 0 and 0"
    );
    assert!(message(json!({ "input": 3 })).starts_with("its config is none of Triton's: "));
}

#[test]
fn labels_come_through_a_repository_at_hand_where_they_fit() {
    let repository = repository(CONFIG);
    let at = |model, file, classes| labels_at(repository.path(), model, file, classes);
    assert_eq!(at("cats", "labels.txt", 3).unwrap().get(2), Some("lynx"));
    assert_eq!(at("cats", "labels.txt", 4), None);
    assert_eq!(at("dogs", "labels.txt", 3), None);
    assert_eq!(at("cats", "", 3), None);
    assert_eq!(at("cats", "../cats/labels.txt", 3), None);
    assert_eq!(at("../cats", "labels.txt", 3), None);
}
