//! Messages with tensors in binary: whatever bytes come, with whatever header length, they are refused
//! or read; and what was read can be written so that it reads the same.
//!
//! A case is two bytes, a header length, and then the body.
#![no_main]

use bytes::Bytes;
use conch_shared::kserve::binary::{
    decode_request, decode_response, encode_request, encode_response,
};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

fuzz_target!(|case: &[u8]| {
    let Some((given, body)) = case.split_first_chunk() else {
        return;
    };
    let body = Bytes::copy_from_slice(body);
    let given = usize::from(u16::from_le_bytes(*given));
    // A header that changes its length would seldom be read by the given one.
    for header_len in [Some(given), json_len(&body)].into_iter().flatten() {
        if let Ok(request) = decode_request(&body, header_len) {
            let frame = encode_request(&request);
            let again = decode_request(&frame.body, frame.header_len);
            assert_eq!(again.as_ref(), Ok(&request));
        }
        if let Ok(response) = decode_response(&body, header_len) {
            let frame = encode_response(&response);
            let again = decode_response(&frame.body, frame.header_len);
            assert_eq!(again.as_ref(), Ok(&response));
        }
    }
});

/// Where the JSON in front ends.
fn json_len(body: &[u8]) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_slice(body).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}
