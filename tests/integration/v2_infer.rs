//! `POST /v2/models/{name}/infer`: requests in binary and in JSON, and what each mistake is told.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use conch_proxy::backend::BackendError;
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor, RequestedOutput};
use conch_shared::tensor::{DataType, Shape, Tensor};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Empty};
use serde_json::{Value, json};

use crate::support::{Answer, Fake, TestServer, zeros};

const INFER: &str = "/v2/models/fake/infer";

/// A request in JSON alone.
async fn ask_json(conch: &TestServer, path: &str, body: &Value) -> Answer {
    conch.send(Request::post(path), body.to_string()).await
}

/// A request with binary tensors.
async fn ask(conch: &TestServer, request: &InferRequest) -> Answer {
    let frame = encode_request(request);
    conch.raw(INFER, frame.header_len, frame.body).await
}

fn photos(count: usize) -> InferRequest {
    InferRequest {
        inputs: vec![NamedTensor {
            name: "pixels".to_owned(),
            tensor: zeros(DataType::Fp32, &[count, 3, 8, 8]),
        }],
        ..InferRequest::default()
    }
}

fn photos_in_json(count: usize, outputs: &Value) -> Value {
    json!({
        "inputs": [{
            "name": "pixels", "datatype": "FP32", "shape": [count, 3, 8, 8],
            "data": vec![0.5; count * 192],
        }],
        "outputs": outputs,
    })
}

#[tokio::test]
async fn numbers_in_json_are_answered_in_json() {
    let conch = TestServer::new();
    let mut body = photos_in_json(1, &json!([]));
    body["id"] = json!("a \"name\"");
    let answer = ask_json(&conch, INFER, &body).await;
    let expected = json!({
        "id": "a \"name\"",
        "model_name": "fake",
        "model_version": "3",
        "outputs": [{
            "name": "logits", "datatype": "FP32", "shape": [1, 3], "data": [0.0, 2.0, 1.0],
        }],
    });
    assert_eq!(answer.json::<Value>(), expected);
    assert_eq!(answer.header(HEADER_LENGTH), "");
    assert_eq!(
        answer.header("server-timing"),
        "queue;dur=1.500, infer;dur=7.000"
    );
}

#[tokio::test]
async fn numbers_in_json_may_come_with_the_header_that_tells_their_length() {
    let conch = TestServer::new();
    // Longer than a header that only names tensors.
    let json = photos_in_json(1, &json!([])).to_string() + &" ".repeat(1 << 17);
    let answer = conch.raw(INFER, json.len(), json).await;
    let answer = answer.json::<Value>();
    assert_eq!(answer["outputs"][0]["data"], json!([0.0, 2.0, 1.0]));
}

#[tokio::test]
async fn a_refusal_shows_the_beginning_of_what_was_found() {
    let conch = TestServer::new();
    let mut body = photos_in_json(1, &json!([]));
    body["inputs"][0]["name"] = json!("é".repeat(100_000));
    for body in [body, json!({ "inputs": "a".repeat(100_000) })] {
        let answer = ask_json(&conch, INFER, &body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.len() < 20_000, "{} bytes", answer.body.len());
        assert!(answer.text().ends_with("…\"}"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_version_that_is_asked_for_answers() {
    let conch = TestServer::new();
    let path = "/v2/models/fake/versions/1/infer";
    let answer = ask_json(&conch, path, &photos_in_json(1, &json!([]))).await;
    assert_eq!(answer.json::<Value>()["model_version"], "1");
}

#[tokio::test]
async fn binary_is_answered_where_it_is_asked_for() {
    let conch = TestServer::new();
    let whole = InferRequest {
        binary_output: true,
        ..photos(2)
    };
    let one = InferRequest {
        outputs: vec![RequestedOutput {
            name: "logits".to_owned(),
            binary: true,
            classification: 0,
        }],
        ..photos(2)
    };
    for request in [whole, one] {
        let answer = ask(&conch, &request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        let length: usize = answer.header(HEADER_LENGTH).parse().unwrap();
        let header: Value = serde_json::from_slice(&answer.body[..length]).unwrap();
        assert_eq!(header["outputs"][0]["parameters"]["binary_data_size"], 24);
        let row: Vec<u8> = [0.0f32, 2.0, 1.0]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        assert_eq!(answer.body[length..], row.repeat(2));
    }
}

#[tokio::test]
async fn the_best_classes_come_as_texts() {
    let conch = TestServer::new();
    for (k, shape, texts) in [
        (2, [2, 2], &["2.000000:1:sand", "1.000000:2:sea"][..]),
        (
            9,
            [2, 3],
            &["2.000000:1:sand", "1.000000:2:sea", "0.000000:0:shell"],
        ),
    ] {
        let outputs = json!([{ "name": "logits", "parameters": { "classification": k } }]);
        let answer = ask_json(&conch, INFER, &photos_in_json(2, &outputs)).await;
        let expected = json!([{
            "name": "logits", "datatype": "BYTES", "shape": shape, "data": texts.repeat(2),
        }]);
        assert_eq!(answer.json::<Value>()["outputs"], expected);
    }
    let outputs = json!([{
        "name": "logits", "parameters": { "classification": 1, "binary_data": true },
    }]);
    let answer = ask_json(&conch, INFER, &photos_in_json(1, &outputs)).await;
    let length: usize = answer.header(HEADER_LENGTH).parse().unwrap();
    assert_eq!(answer.body[length..], *b"\x0f\0\0\x002.000000:1:sand");
}

#[tokio::test]
async fn without_a_batch_all_values_are_one_row_of_classes() {
    let mut fake = Fake::default();
    fake.model.config = Some(json!({ "name": "fake", "max_batch_size": 0 }));
    let conch = TestServer::with(fake, &[]);
    let outputs = json!([{ "name": "logits", "parameters": { "classification": 2 } }]);
    let answer = ask_json(&conch, INFER, &photos_in_json(2, &outputs)).await;
    let expected = json!([{
        "name": "logits", "datatype": "BYTES", "shape": [2],
        "data": ["2.000000:1:sand", "2.000000:4"],
    }]);
    assert_eq!(answer.json::<Value>()["outputs"], expected);
}

#[tokio::test]
async fn an_output_that_is_asked_for_twice_comes_once() {
    let outputs = json!([
        { "name": "logits", "parameters": { "classification": 1 } },
        { "name": "logits" },
    ]);
    let answer = ask_json(&TestServer::new(), INFER, &photos_in_json(1, &outputs)).await;
    let outputs = answer.json::<Value>()["outputs"].clone();
    assert_eq!(outputs.as_array().unwrap().len(), 1);
    assert_eq!(outputs[0]["data"], json!(["2.000000:1:sand"]));
}

#[tokio::test]
async fn a_request_that_does_not_fit_the_model_is_told_what_would() {
    let conch = TestServer::new();
    let tensor = |name: &str, datatype: &str, shape: Value, count: usize| {
        json!({ "inputs": [{
            "name": name, "datatype": datatype, "shape": shape, "data": vec![0; count],
        }] })
    };
    let shape = |found| {
        format!(
            "Model fake: input pixels wants shape [-1, 3, 8, 8] with a batch of 1 to 4, got {found}."
        )
    };
    for (body, expected) in [
        (
            tensor("x", "FP32", json!([1, 3, 8, 8]), 192),
            "Model fake takes \"pixels\"; the request has \"x\".".to_owned(),
        ),
        (
            tensor("pixels", "UINT8", json!([1, 3, 8, 8]), 192),
            "Model fake: input pixels wants datatype FP32, got UINT8.".to_owned(),
        ),
        (
            tensor("pixels", "FP32", json!([3, 8, 8]), 192),
            shape("[3, 8, 8]"),
        ),
        (
            tensor("pixels", "FP32", json!([1, 3, 8, 7]), 168),
            shape("[1, 3, 8, 7]"),
        ),
        (
            tensor("pixels", "FP32", json!([0, 3, 8, 8]), 0),
            shape("[0, 3, 8, 8]"),
        ),
        (
            tensor("pixels", "FP32", json!([5, 3, 8, 8]), 960),
            shape("[5, 3, 8, 8]"),
        ),
        (
            tensor("pixels", "FP32", json!([1, 3, 8, 8]), 191),
            "Tensor \"pixels\": shape [1, 3, 8, 8] takes 192 elements in data, found 191."
                .to_owned(),
        ),
        (
            tensor("pixels", "BYTES", json!([0]), 0),
            "Tensor \"pixels\": expected a datatype like UINT8 or FP32, found \"BYTES\"."
                .to_owned(),
        ),
        (
            photos_in_json(1, &json!([{ "name": "zz" }])),
            "Unexpected inference output \"zz\" for model fake; expected logits.".to_owned(),
        ),
        (
            json!({ "inputs": [] }),
            "Expected at least one tensor, found none.".to_owned(),
        ),
    ] {
        ask_json(&conch, INFER, &body)
            .await
            .assert_error(400, &expected);
    }
    let mut values = vec![0.0; 192];
    values[7] = f32::INFINITY;
    let tensor = Tensor::from_f32(Shape::new([1, 3, 8, 8]), &values).unwrap();
    let answer = conch.infer(INFER, &[("pixels", &tensor)]).await;
    answer.assert_error(
        400,
        "Model fake: input pixels wants finite numbers, got inf at position 7.",
    );
}

#[tokio::test]
async fn json_that_would_hurt_is_refused() {
    let conch = TestServer::new();
    let body = |data: &str| {
        format!(
            r#"{{"inputs":[{{"name":"pixels","datatype":"FP32","shape":[1,3,8,8],"data":{data}}}]}}"#
        )
    };
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let many = format!("[{}0]", "0,".repeat(9_999_999));
    for (body, expected) in [
        (body(&deep), "nested 4 deep in data, found more"),
        (body(&many), "takes 192 elements in data, found 10000000"),
        (
            body("[1e400]"),
            "expected FP32 at position 0 of data, found 1e400",
        ),
        (body("[\"a\"]"), r#"found \"a\""#),
        ("[".repeat(10_000), "cannot be read"),
        ("hello".to_owned(), "cannot be read"),
        (String::new(), "cannot be read"),
        ("{}".to_owned(), "missing field `inputs`"),
    ] {
        let answer = conch.send(Request::post(INFER), body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(expected), "{}", answer.text());
    }
    let long = conch
        .send(Request::post(INFER).header(HEADER_LENGTH, 99_999), "{}")
        .await;
    long.assert_error(
        400,
        "The JSON header's length is 99999 bytes; expected 1 to 2.",
    );
    let no_number = conch
        .send(Request::post(INFER).header(HEADER_LENGTH, "abc"), "{}")
        .await;
    assert_eq!(no_number.status, 400);
}

#[tokio::test]
async fn an_unknown_model_is_told_before_the_body_has_come() {
    let fake = Fake::default();
    let calls = Arc::clone(&fake.calls);
    let conch = TestServer::with(fake, &[]);
    for (path, status, text) in [
        (
            "/v2/models/nope/infer",
            404,
            "Request for unknown model: 'nope' is not found",
        ),
        (
            "/v2/models/fake/versions/9/infer",
            404,
            "Request for unknown model: 'fake' version 9 is not found",
        ),
        (
            "/v2/models/fake/versions/2/infer",
            503,
            "Request for unknown model: 'fake' version 2 is not at ready state: \
             2/model.onnx is missing",
        ),
    ] {
        let never = std::future::pending::<Option<Result<HeaderMap, Infallible>>>();
        let body = Body::new(Empty::<Bytes>::new().with_trailers(never));
        let answer = conch.send(Request::post(path), body);
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
        answer.unwrap().assert_error(status, text);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn an_answer_that_does_not_add_up_is_none() {
    let answers: [fn(usize) -> Result<Tensor, BackendError>; 4] = [
        |_| Ok(Tensor::from_f32(Shape::new([1, 2]), &[0.0, 1.0]).unwrap()),
        |_| Ok(Tensor::from_f32(Shape::new([2, 3]), &[0.0; 6]).unwrap()),
        |_| Ok(Tensor::from_f32(Shape::new([1, 3]), &[0.0, f32::NAN, 1.0]).unwrap()),
        |_| Ok(zeros(DataType::Fp64, &[1, 3])),
    ];
    for answer in answers {
        let conch = TestServer::with(Fake::answering(answer), &[]);
        let answer = ask(&conch, &photos(1)).await;
        answer.assert_error(502, "The answer of model fake does not add up.");
    }
}
