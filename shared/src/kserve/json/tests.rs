//! Numbers in JSON: what a client may write, and what each mistake is told.

use proptest::prelude::*;

use super::*;
use crate::kserve::InferRequest;
use crate::kserve::binary;

fn decode_json_request(json: &str) -> Result<InferRequest, CodecError> {
    binary::decode_json_request(&json.to_owned().into(), json.len())
}

/// A request of one tensor `x` in JSON, decoded.
fn decode(datatype: &str, shape: &str, data: &str) -> Result<InferRequest, CodecError> {
    // The values may come before what they mean.
    let json = format!(
        r#"{{"inputs":[{{"data":{data},"name":"x","shape":{shape},"datatype":"{datatype}"}}]}}"#
    );
    decode_json_request(&json)
}

fn bytes(datatype: &str, shape: &str, data: &str) -> Bytes {
    let request = decode(datatype, shape, data).unwrap();
    request.inputs[0].tensor.data().clone()
}

fn message(datatype: &str, shape: &str, data: &str) -> String {
    decode(datatype, shape, data).unwrap_err().to_string()
}

#[test]
fn lists_may_be_flat_or_nested() {
    let flat = bytes("UINT8", "[2,2]", "[1, 2, 3, 4]");
    assert_eq!(*flat, [1, 2, 3, 4]);
    assert_eq!(bytes("UINT8", "[2,2]", "[[1,2],\n[3,4]]"), flat);
    assert_eq!(bytes("UINT8", "[]", "[7]").len(), 1);
    assert!(bytes("FP32", "[0,3]", "[]").is_empty());
}

#[test]
fn every_datatype_has_its_bytes() {
    assert_eq!(*bytes("BOOL", "[2]", "[true,false]"), [1, 0]);
    assert_eq!(*bytes("INT8", "[2]", "[-128,127]"), [0x80, 0x7f]);
    assert_eq!(*bytes("UINT16", "[1]", "[258]"), [2, 1]);
    assert_eq!(*bytes("INT16", "[1]", "[-2]"), [0xfe, 0xff]);
    assert_eq!(*bytes("UINT32", "[1]", "[4294967295]"), [0xff; 4]);
    assert_eq!(*bytes("INT32", "[1]", "[-1]"), [0xff; 4]);
    assert_eq!(*bytes("UINT64", "[1]", "[18446744073709551615]"), [0xff; 8]);
    assert_eq!(*bytes("INT64", "[1]", "[-1]"), [0xff; 8]);
    assert_eq!(
        *bytes("FP32", "[2]", "[1,-0.5e0]"),
        [0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf]
    );
    assert_eq!(*bytes("FP64", "[1]", "[0.1]"), 0.1f64.to_le_bytes());
}

#[test]
fn what_is_no_value_of_the_datatype_is_shown_with_its_place() {
    for (datatype, data, found) in [
        ("UINT8", "[1,-1]", "-1"),
        ("UINT8", "[1,256]", "256"),
        ("INT64", "[1,1.5]", "1.5"),
        ("FP32", "[1,1e400]", "1e400"),
        ("FP32", "[1,1e39]", "1e39"),
        ("FP32", "[1,null]", "null"),
        ("FP32", "[1,\"2\"]", "\"2\""),
        ("FP32", "[1,{\"a\":2}]", "{\"a\":2}"),
        ("FP32", "[1,true]", "true"),
    ] {
        assert_eq!(
            message(datatype, "[2]", data),
            format!("tensor \"x\": expected {datatype} at position 1 of data, found {found}")
        );
    }
    let one = message("BOOL", "[1]", "[1]");
    assert_eq!(
        one,
        "tensor \"x\": expected BOOL at position 0 of data, found 1"
    );
    let bare = message("FP32", "[1]", "5");
    assert_eq!(
        bare,
        "tensor \"x\": expected FP32 at position 0 of data, found 5"
    );
    let long = message("FP32", "[1]", &format!("[\"{}\"]", "é".repeat(1000)));
    assert!(long.chars().count() < 100, "{long}");
}

#[test]
fn a_wrong_count_is_told_with_both() {
    let told =
        |found| format!("tensor \"x\": shape [2, 2] takes 4 elements in data, found {found}");
    assert_eq!(message("FP32", "[2,2]", "[1,2,3]"), told(3));
    assert_eq!(message("FP32", "[2,2]", "[[1,2],[3,4,5]]"), told(5));
    assert_eq!(message("FP32", "[2,2]", "[]"), told(0));
    let many = format!("[{}0]", "0,".repeat(9_999_999));
    assert_eq!(message("FP32", "[2,2]", &many), told(10_000_000));
    let huge = message("FP32", "[9223372036854775807,9]", "[1]");
    assert!(huge.ends_with("found 1"), "{huge}");
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    assert_eq!(
        message("FP32", "[2,2]", &deep),
        "tensor \"x\": shape [2, 2] takes lists nested 2 deep in data, found more"
    );
    let elsewhere = format!(r#"{{"parameters":{{"foo":{deep}}},"inputs":[]}}"#);
    let error = decode_json_request(&elsewhere).unwrap_err();
    assert_eq!(error, CodecError::NoTensors);
    let open = decode_json_request(&"[".repeat(100_000));
    assert!(matches!(open, Err(CodecError::Json { .. })));
}

#[test]
fn sixteen_bit_floats_need_binary() {
    assert_eq!(
        message("FP16", "[1]", "[1]"),
        "tensor \"x\": FP16 has no form in JSON; expected the parameter binary_data_size"
    );
}

#[test]
fn data_in_json_and_in_binary_are_too_much() {
    let json = r#"{"inputs":[{"name":"x","shape":[1],"datatype":"UINT8","data":[1],
        "parameters":{"binary_data_size":0}}]}"#;
    let error = decode_json_request(json).unwrap_err();
    assert!(error.to_string().ends_with("found both"), "{error}");
}

proptest! {
    #[test]
    fn floats_are_rounded_once(value: f64) {
        // Through f64 some decimals would come out as the neighbouring f32.
        prop_assume!((value as f32).is_finite());
        let data = format!("[{value:e}]");
        let expected = format!("{value:e}").parse::<f32>().unwrap().to_le_bytes();
        prop_assert_eq!(&*bytes("FP32", "[1]", &data), &expected[..]);
    }
}
