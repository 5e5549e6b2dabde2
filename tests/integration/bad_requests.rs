//! Every bad request of the API: status, code, what was expected and what was found.

use bytes::Bytes;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor, binary::encode_request};
use conch_shared::tensor::{DataType, Shape, Tensor};
use http::{Method, Request};

use crate::support::{Fake, TestServer, black, zeros};

const CLASSIFY: &str = "/api/models/fake/classify";

/// A request that is right: its header's length and its bytes.
fn good() -> (usize, Bytes) {
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor {
            name: "pixels".to_owned(),
            tensor: black(Fake::default().spec(), 1),
        }],
        ..InferRequest::default()
    });
    (frame.header_len, frame.body)
}

#[tokio::test]
async fn a_missing_header_is_named() {
    let (_, body) = good();
    let answer = TestServer::new().send(Request::post(CLASSIFY), body).await;
    answer.assert_values(400, "missing_header", HEADER_LENGTH, "none");
}

#[tokio::test]
async fn a_header_that_is_no_number_is_shown() {
    let request = Request::post(CLASSIFY).header(HEADER_LENGTH, "ten");
    let answer = TestServer::new().send(request, good().1).await;
    answer.assert_values(400, "bad_header", "a number of bytes", "ten");
}

#[tokio::test]
async fn a_header_length_outside_the_body_is_refused() {
    let conch = TestServer::new();
    let (_, body) = good();
    let most = format!("1 to {} bytes", body.len());
    conch
        .raw(CLASSIFY, 0, body.clone())
        .await
        .assert_values(400, "bad_header", &most, "0 bytes");
    let answer = conch.raw(CLASSIFY, body.len() + 1, body.clone()).await;
    answer.assert_values(
        400,
        "bad_header",
        &most,
        &format!("{} bytes", body.len() + 1),
    );
    conch
        .raw(CLASSIFY, 1, Bytes::new())
        .await
        .assert_problem(400, "bad_header");
}

#[tokio::test]
async fn a_header_that_is_no_json_is_told_by_line_and_column() {
    let answer = TestServer::new().raw(CLASSIFY, 12, "{\"inputs\": ]").await;
    let problem = answer.assert_problem(400, "bad_header");
    assert!(
        problem.detail.contains("line 1 column 12"),
        "{}",
        problem.detail
    );
}

#[tokio::test]
async fn bytes_too_few_and_too_many_are_counted() {
    let conch = TestServer::new();
    let (header_len, body) = good();
    let cut = body.slice(..body.len() - 1);
    conch.raw(CLASSIFY, header_len, cut).await.assert_values(
        400,
        "wrong_length",
        "192 bytes",
        "191 bytes",
    );
    let more = [&body[..], b"x"].concat();
    conch.raw(CLASSIFY, header_len, more).await.assert_values(
        400,
        "wrong_length",
        "192 bytes",
        "193 bytes",
    );
}

#[tokio::test]
async fn a_size_that_is_not_the_shapes_is_refused() {
    let json = r#"{"inputs":[{"name":"pixels","shape":[1,3,8,8],"datatype":"UINT8","parameters":{"binary_data_size":5}}]}"#;
    let answer = TestServer::new()
        .raw(CLASSIFY, json.len(), format!("{json}abcde"))
        .await;
    answer.assert_values(400, "wrong_length", "192 bytes", "5 bytes");
}

#[tokio::test]
async fn a_wrong_shape_is_told_with_the_right_ones() {
    let conch = TestServer::new();
    for dims in [
        &[1, 3, 8, 9][..],
        &[1, 8, 8, 3],
        &[3, 8, 8],
        &[5, 3, 8, 8],
        &[0, 3, 8, 8],
        &[],
    ] {
        let tensor = zeros(DataType::Uint8, dims);
        let answer = conch.classify("fake", "pixels", &tensor).await;
        let found = tensor.shape().to_string();
        answer.assert_values(400, "wrong_shape", "[1, 3, 8, 8] to [4, 3, 8, 8]", &found);
    }
}

#[tokio::test]
async fn without_a_batch_one_photo_goes_at_a_time() {
    let mut fake = Fake::default();
    fake.model.info.spec.as_mut().unwrap().max_batch_size = 0;
    let two = black(fake.spec(), 2);
    let answer = TestServer::with(fake, &[])
        .classify("fake", "pixels", &two)
        .await;
    answer.assert_values(400, "wrong_shape", "[1, 3, 8, 8]", "[2, 3, 8, 8]");
}

#[tokio::test]
async fn dimensions_below_zero_or_without_end_are_refused() {
    let conch = TestServer::new();
    let shape = |shape: &str| {
        format!(
            r#"{{"inputs":[{{"name":"pixels","shape":{shape},"datatype":"UINT8","parameters":{{"binary_data_size":0}}}}]}}"#
        )
    };
    let below = shape("[-1,3,8,8]");
    conch.raw(CLASSIFY, below.len(), below).await.assert_values(
        400,
        "wrong_shape",
        "0 or more",
        "-1",
    );
    let endless = shape("[9223372036854775807,9223372036854775807]");
    let answer = conch.raw(CLASSIFY, endless.len(), endless).await;
    assert!(
        answer
            .assert_problem(400, "wrong_shape")
            .detail
            .contains("too large")
    );
}

#[tokio::test]
async fn a_wrong_datatype_is_told_with_the_right_ones() {
    let conch = TestServer::new();
    let answer = conch
        .classify("fake", "pixels", &zeros(DataType::Int64, &[1, 3, 8, 8]))
        .await;
    answer.assert_values(400, "wrong_datatype", "UINT8 or FP32", "INT64");
    let json = r#"{"inputs":[{"name":"pixels","shape":[1],"datatype":"FP99","parameters":{"binary_data_size":2}}]}"#;
    let answer = conch.raw(CLASSIFY, json.len(), format!("{json}ab")).await;
    answer.assert_values(400, "wrong_datatype", "a datatype of the protocol", "FP99");
}

#[tokio::test]
async fn numbers_that_are_not_finite_are_refused() {
    let mut values = vec![0.0; 192];
    values[100] = f32::NAN;
    let tensor = Tensor::from_f32(Shape::new([1, 3, 8, 8]), &values).unwrap();
    let answer = TestServer::new().classify("fake", "pixels", &tensor).await;
    answer.assert_values(400, "not_finite", "finite numbers", "NaN");
    assert!(answer.text().contains("at position 100"));
}

#[tokio::test]
async fn tensors_of_other_names_or_numbers_are_refused() {
    let conch = TestServer::new();
    let photo = black(Fake::default().spec(), 1);
    conch.classify("fake", "data", &photo).await.assert_values(
        400,
        "wrong_inputs",
        "\"pixels\"",
        "\"data\"",
    );
    conch
        .infer(CLASSIFY, &[("pixels", &photo), ("more", &photo)])
        .await
        .assert_values(400, "wrong_inputs", "\"pixels\"", "\"pixels\", \"more\"");
    conch
        .infer(CLASSIFY, &[])
        .await
        .assert_problem(400, "bad_header");
}

#[tokio::test]
async fn top_k_must_be_a_number_of_classes() {
    let conch = TestServer::new();
    let (header_len, body) = good();
    for (top_k, expected) in [
        ("0", "1 to 3"),
        ("4", "1 to 3"),
        ("1000000000", "1 to 3"),
        ("-1", "a number from 1"),
        ("99999999999999999999", "a number from 1"),
        ("five", "a number from 1"),
        ("", "a number from 1"),
    ] {
        let path = format!("{CLASSIFY}?top_k={top_k}");
        let answer = conch.raw(&path, header_len, body.clone()).await;
        answer.assert_values(400, "bad_top_k", expected, top_k);
        assert!(answer.text().contains("\"The query's top_k, "));
    }
}

#[tokio::test]
async fn class_must_be_a_class_of_the_model() {
    let conch = TestServer::new();
    let (header_len, body) = good();
    for (query, expected, found) in [
        ("class=3", "0 to 2", "3"),
        ("class=0&class=1000000000", "0 to 2", "1000000000"),
        ("class=-1", "a number from 0", "-1"),
        ("class=1,2", "a number from 0", "1,2"),
        ("class=1&class=", "a number from 0", ""),
        ("class", "a number from 0", ""),
        (
            "class=0&class=1&class=2&class=0",
            "given at most 3 times",
            "4 of them",
        ),
    ] {
        let path = format!("{CLASSIFY}?{query}");
        let answer = conch.raw(&path, header_len, body.clone()).await;
        answer.assert_values(400, "bad_class", expected, found);
        assert!(answer.text().contains("\"The query's class, "));
    }
}

#[tokio::test]
async fn class_and_top_k_exclude_each_other() {
    let conch = TestServer::new();
    let (header_len, body) = good();
    for query in ["class=1&top_k=1", "top_k=1&class=1"] {
        let path = format!("{CLASSIFY}?{query}");
        let answer = conch.raw(&path, header_len, body.clone()).await;
        answer.assert_values(400, "class_and_top_k", "class or top_k", "both");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_and_after_it_is_read() {
    let conch = TestServer::options(&["--max-body", "16"]);
    let (_, body) = good();
    let length = body.len();
    let found = format!("{length} bytes");
    let request = Request::post(CLASSIFY).header("content-length", length);
    let announced = conch.send(request, body.clone()).await;
    announced.assert_values(413, "body_too_large", "at most 16 bytes", &found);
    let unannounced = conch.raw(CLASSIFY, 5, body).await;
    unannounced.assert_values(413, "body_too_large", "at most 16 bytes", "more");
}

#[tokio::test]
async fn an_unknown_model_is_named() {
    let conch = TestServer::new();
    let (header_len, body) = good();
    let answer = conch
        .raw("/api/models/nope/classify", header_len, body)
        .await;
    answer.assert_values(404, "unknown_model", "one of: fake", "nope");
    let answer = conch.get("/api/models/nope").await;
    answer.assert_values(404, "unknown_model", "one of: fake", "nope");
    assert_eq!(
        answer.assert_problem(404, "unknown_model").detail,
        "There is no model \"nope\"; there is fake."
    );
}

#[tokio::test]
async fn a_name_that_climbs_is_no_model() {
    let conch = TestServer::new();
    for name in [
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "fake%2f",
        "fake%00",
        "%ff",
    ] {
        conch
            .get(&format!("/api/models/{name}"))
            .await
            .assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_with_the_right_one() {
    let conch = TestServer::new();
    for (method, path, expected) in [
        (Method::GET, CLASSIFY, "POST"),
        (Method::PUT, CLASSIFY, "POST"),
        (Method::POST, "/api/status", "GET or HEAD"),
        (Method::DELETE, "/api/models", "GET or HEAD"),
        (Method::POST, "/api/models/fake", "GET or HEAD"),
        (Method::POST, "/health/live", "GET or HEAD"),
        (Method::POST, "/health/ready", "GET or HEAD"),
    ] {
        let request = Request::builder().method(method.clone()).uri(path);
        let answer = conch.send(request, "").await;
        answer.assert_values(405, "method_not_allowed", expected, method.as_str());
        assert_eq!(answer.header("allow"), expected.replace(" or ", ","));
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_where_programs_ask() {
    let conch = TestServer::new();
    for path in [
        "/api",
        "/api/",
        "/api/nope",
        "/api/models/",
        "/api/models/fake/nope",
        "/health",
        "/health/",
        "/health/nope",
        "/health/live/nope",
    ] {
        let problem = conch.get(path).await.assert_problem(404, "not_found");
        assert_eq!(problem.detail, format!("There is nothing at {path}."));
    }
}
