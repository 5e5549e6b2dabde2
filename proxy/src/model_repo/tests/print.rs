//! A config that Triton reports, printed: it says the same, and reads well.

use serde_json::json;

use super::*;
use crate::model_repo::config_pbtxt::parse;

const SAMPLES: [&str; 2] = [
    include_str!("../samples/efficientnet_lite0.json"),
    include_str!("../samples/pref.json"),
];

#[test]
fn what_triton_reports_is_read_back_from_the_print_unchanged() {
    for sample in SAMPLES {
        let reported: Value = serde_json::from_str(sample).unwrap();
        let printed = print(&reported).unwrap();
        let (read, _) = parse(&printed).unwrap();
        assert_eq!(read, reported, "{printed}");
    }
}

#[test]
fn a_print_has_a_field_a_line_and_no_defaults() {
    let printed = print(&json!({
        "name": "cats", "max_batch_size": 0, "default_model_filename": "",
        "dynamic_batching": {},
        "input": [{ "name": "in", "data_type": "TYPE_FP32", "dims": [3, -1], "optional": false }],
        "parameters": { "b": { "string_value": "a \"b\" \\ Ü\n\u{1}" }, "a": { "string_value": "1" } },
        "of_a_newer_triton": 7,
    }));
    let expected = r#"# Reported, too, and unknown to Conch: "of_a_newer_triton"
name: "cats"
input {
  name: "in"
  data_type: TYPE_FP32
  dims: [ 3, -1 ]
}
parameters {
  key: "a"
  value {
    string_value: "1"
  }
}
parameters {
  key: "b"
  value {
    string_value: "a \"b\" \\ Ü\n\001"
  }
}
"#;
    let mut printed = printed.unwrap();
    assert!(printed.starts_with("# Printed by Conch"), "{printed}");
    assert_eq!(printed.matches("dynamic_batching { }\n").count(), 1);
    printed = printed.replace("dynamic_batching { }\n", "");
    let fields = printed.find("# Reported").unwrap();
    assert_eq!(&printed[fields..], expected);
}

#[test]
fn what_is_no_config_is_not_printed() {
    assert!(print(&json!({ "name": 7 })).is_err());
    assert!(print(&json!([])).is_err());
}
