//! What goes in comes out, and nothing that does not add up gets in.

use proptest::prelude::*;

use super::*;
use crate::kserve::{InferRequest, InferResponse, NamedTensor, Output, RequestedOutput};
use crate::kserve::{Strings, Values};
use crate::tensor::{DataType, Shape, Tensor};

fn named(name: &str, datatype: DataType, dims: &[usize], byte: u8) -> NamedTensor {
    let shape = Shape::new(dims);
    let data = vec![byte; shape.byte_len(datatype).unwrap()];
    NamedTensor {
        name: name.to_owned(),
        tensor: Tensor::new(datatype, shape, data).unwrap(),
    }
}

/// A request body of this JSON and so many bytes behind it, decoded.
fn decode(json: &str, data: usize) -> Result<InferRequest, CodecError> {
    let mut body = json.as_bytes().to_vec();
    body.resize(json.len() + data, 7);
    decode_request(&body.into(), json.len())
}

fn message(json: &str, data: usize) -> String {
    decode(json, data).unwrap_err().to_string()
}

/// A header of one tensor `x`.
fn one(shape: &str, datatype: &str, parameters: &str) -> String {
    format!(
        r#"{{"inputs":[{{"name":"x","shape":{shape},"datatype":"{datatype}","parameters":{parameters}}}]}}"#
    )
}

#[test]
fn triton_style_headers_are_read_with_what_they_have_beyond_ours() {
    let json = r#"{"id":"7","parameters":{"priority":1},"inputs":[{"name":"x","shape":[1,2],
        "datatype":"FP32","parameters":{"binary_data_size":8}}],
        "outputs":[{"name":"y","parameters":{"binary_data":true,"classification":5}}]}"#;
    let request = decode(json, 8).unwrap();
    assert_eq!(request.id.as_deref(), Some("7"));
    assert_eq!(request.inputs[0].tensor.shape().dims(), [1, 2]);
    assert_eq!(request.outputs[0].name, "y");
    assert_eq!(request.outputs[0].classification, 5);
    let bare = r#"{"inputs":[{"name":"x","shape":[1],"datatype":"UINT8",
        "parameters":{"binary_data_size":1}}],"outputs":[{"name":"y"}]}"#;
    assert_eq!(decode(bare, 1).unwrap().outputs[0].name, "y");
}

#[test]
fn every_disagreement_is_named_with_both_values() {
    let size = |bytes: usize| format!(r#"{{"binary_data_size":{bytes}}}"#);
    assert_eq!(
        message(&one("[1,2]", "FP32", &size(4)), 4),
        "tensor \"x\": FP32 of shape [1, 2] takes 8 bytes, got 4"
    );
    assert_eq!(
        message(&one("[4]", "UINT8", &size(4)), 3),
        "expected 4 bytes of tensors after the JSON header, found 3"
    );
    assert_eq!(
        message(&one("[4]", "UINT8", &size(4)), 5),
        "expected 4 bytes of tensors after the JSON header, found 5"
    );
    assert_eq!(
        message(&one("[4]", "FP99", &size(4)), 4),
        "tensor \"x\": expected a datatype like UINT8 or FP32, found \"FP99\""
    );
    assert_eq!(
        message(&one("[-1]", "UINT8", &size(4)), 4),
        "tensor \"x\": expected dimensions of 0 or more, found -1"
    );
    assert_eq!(
        message(&one("[4]", "UINT8", "{}"), 4),
        "tensor \"x\": expected either data or the parameter binary_data_size, found none"
    );
    assert_eq!(
        message(r#"{"inputs":[]}"#, 0),
        "expected at least one tensor, found none"
    );
    assert!(message("{\"inputs\": 5}", 0).contains("line 1 column"));
    assert!(message(&"[".repeat(10_000), 0).contains("cannot be read"));
}

#[test]
fn sizes_that_overflow_are_refused() {
    let huge = usize::MAX;
    let json = one("[1]", "UINT8", &format!(r#"{{"binary_data_size":{huge}}}"#));
    assert!(matches!(
        decode(&json, 1),
        Err(CodecError::BodyLength { .. })
    ));
    let dims = "[9223372036854775807, 9223372036854775807]";
    let json = one(dims, "FP32", r#"{"binary_data_size":4}"#);
    assert!(message(&json, 4).contains("too large"));
}

#[test]
fn texts_in_a_request_are_refused_before_they_are_read() {
    let refused = "tensor \"x\": expected a datatype like UINT8 or FP32, found \"BYTES\"";
    let cut = one("[1]", "BYTES", r#"{"binary_data_size":1}"#);
    assert_eq!(message(&cut, 1), refused);
}

#[test]
fn two_tensors_of_one_name_are_refused() {
    let twin = named("x", DataType::Uint8, &[1], 0);
    let frame = encode_request(&InferRequest {
        inputs: vec![twin.clone(), twin],
        ..InferRequest::default()
    });
    let error = decode_request(&frame.body, frame.header_len).unwrap_err();
    assert_eq!(error.to_string(), "tensor \"x\" is there twice");
}

#[test]
fn a_header_longer_than_body_or_limit_is_refused() {
    let length = |body: usize, header_len| {
        decode_request(&vec![b' '; body].into(), header_len)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        length(10, 11),
        "the JSON header's length is 11 bytes; expected 1 to 10"
    );
    assert_eq!(
        length(10, 0),
        "the JSON header's length is 0 bytes; expected 1 to 10"
    );
    assert_eq!(
        length(MAX_HEADER + 2, MAX_HEADER + 1),
        "the JSON header's length is 65537 bytes; expected 1 to 65536"
    );
}

#[test]
fn a_header_that_holds_tensors_may_be_long() {
    let data = "0,".repeat(MAX_HEADER);
    let json = format!(
        r#"{{"inputs":[{{"name":"x","shape":[{}],"datatype":"UINT8","data":[{data}0]}},
        {{"name":"y","shape":[2],"datatype":"UINT8","parameters":{{"binary_data_size":2}}}}]}}"#,
        MAX_HEADER + 1
    );
    let body = Bytes::from([json.as_bytes(), &[1, 2]].concat());
    let request = decode_json_request(&body, json.len()).unwrap();
    assert_eq!(request.inputs[0].tensor.data().len(), MAX_HEADER + 1);
    assert_eq!(request.inputs[1].tensor.data()[..], [1, 2]);
    let error = decode_json_request(&body, body.len() + 1).unwrap_err();
    assert!(matches!(error, CodecError::HeaderLength { .. }), "{error}");
}

#[test]
fn outputs_that_are_named_are_wanted_in_binary_where_they_say_so_themselves() {
    let json = r#"{"parameters":{"binary_data_output":true,"timeout":250,"foo":[1,{}]},
        "inputs":[{"name":"x","shape":[1],"datatype":"UINT8","parameters":{"binary_data_size":1}}],
        "outputs":[{"name":"y"},{"name":"z","parameters":{"binary_data":true}}]}"#;
    let request = decode(json, 1).unwrap();
    assert!(request.binary_output);
    assert_eq!(request.timeout, Some(250));
    let binary: Vec<bool> = request.outputs.iter().map(|output| output.binary).collect();
    assert_eq!(binary, [false, true]);
}

#[test]
fn shared_memory_is_refused_for_inputs_and_outputs() {
    let region = r#"{"shared_memory_region":"r","shared_memory_byte_size":4}"#;
    let refused = "tensor \"x\": shared memory is closed; \
                   expected data or the parameter binary_data_size";
    assert_eq!(message(&one("[4]", "UINT8", region), 0), refused);
    let input = one("[1]", "UINT8", r#"{"binary_data_size":1}"#);
    let output = format!(r#","outputs":[{{"name":"x","parameters":{region}}}]}}"#);
    let json = input[..input.len() - 1].to_owned() + &output;
    assert_eq!(message(&json, 1), refused);
}

#[test]
fn entries_without_end_are_refused() {
    let dims = format!("[{}1]", "1,".repeat(300));
    let refused = message(&one(&dims, "UINT8", r#"{"binary_data_size":1}"#), 1);
    assert!(refused.contains("at most 256 entries"), "{refused}");
}

#[test]
fn texts_go_as_length_and_bytes_in_binary_and_as_strings_in_json() {
    let answer = |binary| InferResponse {
        model_name: "m".to_owned(),
        model_version: "1".to_owned(),
        id: None,
        outputs: vec![Output {
            name: "y".to_owned(),
            values: Values::Strings(Strings {
                shape: Shape::new([1, 2]),
                values: vec!["0.5:1:é".to_owned(), String::new()],
            }),
            binary,
        }],
    };
    let frame = encode_response(&answer(true));
    assert_eq!(
        frame.body[frame.header_len..],
        *b"\x08\0\0\x000.5:1:\xc3\xa9\0\0\0\0"
    );
    assert_eq!(
        frame.body[..frame.header_len],
        *br#"{"model_name":"m","model_version":"1","outputs":[{"name":"y","datatype":"BYTES","shape":[1,2],"parameters":{"binary_data_size":16}}]}"#
    );
    let frame = encode_response(&answer(false));
    assert_eq!(frame.header_len, frame.body.len());
    let end = r#""datatype":"BYTES","shape":[1,2],"data":["0.5:1:é",""]}]}"#;
    assert!(frame.body.ends_with(end.as_bytes()));
}

#[test]
fn texts_that_do_not_add_up_are_refused() {
    let refused = |shape: &str, data: &[u8]| {
        let json = format!(
            r#"{{"model_name":"m","outputs":[{{"name":"y","shape":{shape},"datatype":"BYTES","parameters":{{"binary_data_size":{}}}}}]}}"#,
            data.len()
        );
        let body = [json.as_bytes(), data].concat();
        let error = decode_response(&body.into(), json.len()).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused("[1]", b"\x05\0\0\0abc"),
        "tensor \"y\": expected whole texts, found 7 bytes at the end"
    );
    assert_eq!(
        refused("[1]", b"\x05\0"),
        "tensor \"y\": expected whole texts, found 2 bytes at the end"
    );
    assert_eq!(
        refused("[2]", b"\x01\0\0\0a"),
        "tensor \"y\": shape [2] takes 2 elements in data, found 1"
    );
    assert!(refused("[1]", b"\x01\0\0\0\xff").contains("expected UTF-8, found invalid"));
}

fn any_texts() -> impl Strategy<Value = Strings> {
    prop::collection::vec(".{0,12}", 0..5).prop_map(|values| Strings {
        shape: Shape::new([values.len()]),
        values,
    })
}

/// Finite numbers, since JSON has no others.
fn any_output() -> impl Strategy<Value = (Values, bool)> {
    let floats = prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL, 0..9);
    let floats = floats.prop_map(|values| {
        Values::Tensor(Tensor::from_f32(Shape::new([values.len()]), &values).unwrap())
    });
    let tensor = (any_tensor(), any::<bool>()).prop_map(|(tensor, binary)| {
        let binary = binary || tensor.datatype() == DataType::Fp32;
        (Values::Tensor(tensor), binary)
    });
    prop_oneof![
        (floats, any::<bool>()),
        tensor,
        (any_texts().prop_map(Values::Strings), any::<bool>()),
    ]
}

fn any_tensor() -> impl Strategy<Value = Tensor> {
    let datatype = prop_oneof![
        Just(DataType::Uint8),
        Just(DataType::Fp32),
        Just(DataType::Int64)
    ];
    (datatype, prop::collection::vec(0usize..5, 0..4)).prop_flat_map(|(datatype, dims)| {
        let shape = Shape::new(dims);
        let bytes = shape.byte_len(datatype).unwrap();
        prop::collection::vec(any::<u8>(), bytes)
            .prop_map(move |data| Tensor::new(datatype, shape.clone(), data).unwrap())
    })
}

fn any_tensors() -> impl Strategy<Value = Vec<NamedTensor>> {
    prop::collection::btree_map(".{0,12}", any_tensor(), 1..4).prop_map(|tensors| {
        let pair = |(name, tensor)| NamedTensor { name, tensor };
        tensors.into_iter().map(pair).collect()
    })
}

proptest! {
    #[test]
    fn requests_survive_the_wire(
        id in prop::option::of(".{0,20}"), inputs in any_tensors(), name in ".{0,20}",
        binary: bool, classification in 0usize..9, binary_output: bool,
        timeout in prop::option::of(any::<u64>())
    ) {
        let outputs = vec![RequestedOutput { name, binary, classification }];
        let request = InferRequest { id, inputs, outputs, binary_output, timeout };
        let frame = encode_request(&request);
        prop_assert_eq!(decode_request(&frame.body, frame.header_len).unwrap(), request);
    }

    #[test]
    fn responses_survive_the_wire(
        model_name in ".{0,20}", outputs in prop::collection::btree_map(".{0,12}", any_output(), 1..4)
    ) {
        let output = |(name, (values, binary))| Output { name, values, binary };
        let outputs = outputs.into_iter().map(output).collect();
        let response = InferResponse { model_name, outputs, ..InferResponse::default() };
        let frame = encode_response(&response);
        prop_assert_eq!(decode_response(&frame.body, frame.header_len).unwrap(), response);
    }

    #[test]
    fn a_changed_byte_never_panics(
        inputs in any_tensors(), outputs in prop::collection::btree_map(".{0,3}", any_output(), 1..4),
        at: prop::sample::Index, byte: u8
    ) {
        let output = |(name, (values, binary))| Output { name, values, binary };
        let response = InferResponse {
            outputs: outputs.into_iter().map(output).collect(), ..InferResponse::default()
        };
        let request = InferRequest { inputs, ..InferRequest::default() };
        for frame in [encode_request(&request), encode_response(&response)] {
            let mut body = frame.body.to_vec();
            let at = at.index(body.len());
            body[at] = byte;
            let body: Bytes = body.into();
            let _ = decode_json_request(&body, body.len());
            let _ = decode_request(&body, frame.header_len);
            let _ = decode_response(&body, frame.header_len);
        }
    }

    #[test]
    fn a_body_cut_or_grown_is_refused(inputs in any_tensors(), cut in 1usize..50, grow: bool) {
        let frame = encode_request(&InferRequest { inputs, ..InferRequest::default() });
        let mut body = frame.body.to_vec();
        if grow {
            body.resize(body.len() + cut, 0);
        } else {
            body.truncate(body.len() - cut.min(body.len()));
        }
        prop_assert!(decode_request(&body.into(), frame.header_len).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..300), at in 0usize..400) {
        let body: Bytes = body.into();
        let _ = decode_json_request(&body, at);
        let _ = decode_request(&body, at);
        let _ = decode_response(&body, at);
    }
}
