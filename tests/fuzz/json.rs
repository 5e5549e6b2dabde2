//! Tensors in JSON: refused, or read to the numbers that a plain JSON parser sees, in memory that the
//! text bounds, from lists no deeper than the tensor's shape.
#![no_main]

use bytes::Bytes;
use conch_shared::kserve::binary::{decode_json_request, decode_request, encode_request};
use conch_shared::tensor::{DataType, Tensor};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    let body = Bytes::copy_from_slice(text);
    let Ok(request) = decode_json_request(&body, body.len()) else {
        return;
    };
    let held: usize = request.inputs.iter().map(|i| i.tensor.data().len()).sum();
    assert!(held <= 4 * text.len(), "{held} bytes of {}", text.len());
    let frame = encode_request(&request);
    let again = decode_request(&frame.body, frame.header_len);
    assert_eq!(again.as_ref(), Ok(&request));
    // Whatever stands beside the tensors may be too deep or too large for the plain parser.
    let Ok(plain) = serde_json::from_slice::<Value>(text) else {
        return;
    };
    for (input, plain) in request
        .inputs
        .iter()
        .zip(plain["inputs"].as_array().unwrap())
    {
        let dims = input.tensor.shape().dims().len().max(1);
        let mut expected = Vec::new();
        if let Some(data) = plain.get("data").filter(|data| !data.is_null()) {
            flatten(data, dims, &mut expected);
            let found = numbers(&input.tensor);
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.into_iter().zip(expected) {
                // The plain parser is a rounding off, and FP32 one more.
                let close = (found - expected).abs() <= expected.abs() * 1e-6 + 1e-37;
                assert!(close, "{found} for {expected}");
            }
        }
    }
});

/// The numbers of a list in order, and true as 1.
fn flatten(value: &Value, depth: usize, into: &mut Vec<f64>) {
    match value {
        Value::Array(values) => {
            assert!(depth > 0, "deeper than the shape");
            for value in values {
                flatten(value, depth - 1, into);
            }
        }
        Value::Bool(value) => into.push(f64::from(u8::from(*value))),
        other => into.push(other.as_f64().expect("a number")),
    }
}

/// A tensor's elements.
fn numbers(tensor: &Tensor) -> Vec<f64> {
    let bytes = tensor.data().chunks_exact(tensor.datatype().size());
    macro_rules! all {
        ($type:ty) => {
            bytes
                .map(|bytes| <$type>::from_le_bytes(bytes.try_into().unwrap()) as f64)
                .collect()
        };
    }
    match tensor.datatype() {
        DataType::Bool | DataType::Uint8 => all!(u8),
        DataType::Uint16 => all!(u16),
        DataType::Uint32 => all!(u32),
        DataType::Uint64 => all!(u64),
        DataType::Int8 => all!(i8),
        DataType::Int16 => all!(i16),
        DataType::Int32 => all!(i32),
        DataType::Int64 => all!(i64),
        DataType::Fp32 => all!(f32),
        DataType::Fp64 => all!(f64),
        DataType::Fp16 | DataType::Bf16 => unreachable!("JSON has no form for it"),
    }
}
