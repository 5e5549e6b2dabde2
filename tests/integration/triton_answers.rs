//! Every way in which a Triton's answer can be wrong: a status, a code, and never a label.

use std::time::{Duration, Instant};

use conch_shared::tensor::DataType;
use serde_json::json;

use crate::support::fake_triton::{FakeTriton, INFER, Reply, logits};
use crate::support::{Answer, OverTriton, zeros};

const GOOD: [f32; 3] = [0.0, 2.0, 1.0];

/// What becomes of such an answer of a sole replica.
async fn ask(reply: Reply, options: &[&str]) -> Answer {
    let triton = FakeTriton::with(INFER, reply).await;
    let conch = OverTriton::at(&[triton.url()], options).await;
    let answer = conch.classify(1).await;
    // Whatever it was, it does not cling.
    triton.recovers(INFER);
    conch.classifies_well().await;
    answer
}

/// Triton's own words and addresses stay in the log.
async fn assert_bad(reply: Reply) {
    let problem = ask(reply, &[]).await.assert_problem(502, "bad_answer");
    assert_eq!(problem.detail, "The answer of model tiny does not add up.");
}

async fn assert_broken(reply: Reply) {
    let problem = ask(reply, &[])
        .await
        .assert_problem(502, "connection_broke");
    assert_eq!(
        problem.detail,
        "The connection to the server that runs model tiny broke before the answer was whole."
    );
}

#[tokio::test]
async fn a_good_answer_becomes_labels() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    conch.classifies_well().await;
    let answer = conch.classify(4).await;
    assert!(answer.header("server-timing").starts_with("upstream;dur="));
    let asked = triton.paths_with("/infer");
    // Once for the labels, and then for the photos.
    assert_eq!(asked, [INFER; 3]);
}

#[tokio::test]
async fn a_good_answer_in_chunks_is_good() {
    let answer = ask(logits(&[1, 3], &GOOD).chunked(), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn what_is_no_triton_is_refused() {
    for status in [200, 302, 400, 404, 500, 503] {
        assert_bad(Reply::html(status)).await;
    }
    assert_bad(Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())).await;
    assert_bad(Reply::json(200, &json!({ "hello": "world" }))).await;
    assert_bad(Reply::tensors(&json!(["hello"]), b"")).await;
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_refused() {
    assert_broken(logits(&[1, 3], &GOOD).cut(1)).await;
    assert_broken(logits(&[1, 3], &GOOD).chunked().cut(9)).await;
    assert_broken(Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec())).await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_told() {
    assert_broken(Reply::Close).await;
    assert_broken(Reply::Reset).await;
}

#[tokio::test]
async fn lies_about_length_shape_and_datatype_are_refused() {
    let lie = |shape: &[usize], datatype: &str, bytes: usize, data: usize| {
        let header = json!({
            "model_name": "tiny", "model_version": "1",
            "outputs": [{
                "name": "output", "datatype": datatype, "shape": shape,
                "parameters": { "binary_data_size": bytes },
            }],
        });
        Reply::tensors(&header, &vec![0; data])
    };
    for reply in [
        lie(&[1, 3], "FP32", 12, 8),
        lie(&[1, 3], "FP32", 8, 8),
        lie(&[1, 3], "FP32", 16, 16),
        lie(&[2, 3], "FP32", 24, 24),
        lie(&[1, 4], "FP32", 16, 16),
        lie(&[3], "FP32", 12, 12),
        lie(&[1, 3, 1], "FP32", 12, 12),
        lie(&[usize::MAX, 3], "FP32", 12, 12),
        lie(&[1, 3], "INT32", 12, 12),
        lie(&[1, 3], "FP16", 6, 6),
        lie(&[1, 3], "BYTES", 12, 12),
        lie(&[1, 3], "FP32", usize::MAX, 12),
    ] {
        assert_bad(reply).await;
    }
}

#[tokio::test]
async fn an_answer_of_another_model_version_or_output_is_refused() {
    let of = |model: &str, version: &str, outputs: &[&str]| {
        let output = |name: &&str| {
            json!({
                "name": name, "datatype": "FP32", "shape": [1, 3],
                "parameters": { "binary_data_size": 12 },
            })
        };
        let outputs: Vec<_> = outputs.iter().map(output).collect();
        let data = vec![0; 12 * outputs.len()];
        let header = json!({ "model_name": model, "model_version": version, "outputs": outputs });
        Reply::tensors(&header, &data)
    };
    assert_bad(of("other", "1", &["output"])).await;
    assert_bad(of("tiny", "2", &["output"])).await;
    assert_bad(of("tiny", "1", &["input"])).await;
    assert_bad(of("tiny", "1", &["output", "output"])).await;
    assert_bad(of("tiny", "1", &["output", "more"])).await;
    assert_bad(of("tiny", "1", &[])).await;
}

#[tokio::test]
async fn a_header_length_that_lies_is_refused() {
    let Reply::Whole { status, body, .. } = logits(&[1, 3], &GOOD) else {
        panic!("an answer is whole");
    };
    for length in ["0", "5", "70000", "-1", "many", "99999999999999999999"] {
        assert_bad(Reply::Whole {
            status,
            headers: vec![("Inference-Header-Content-Length", length.to_owned())],
            body: body.clone(),
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_no_number_is_refused() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_bad(logits(&[1, 3], &[0.0, wrong, 1.0])).await;
    }
}

#[tokio::test]
async fn a_gigabyte_is_not_read() {
    for told in [Some(1_000_000_000), None] {
        let triton = FakeTriton::with(INFER, Reply::Endless { told }).await;
        let conch = OverTriton::at(&[triton.url()], &[]).await;
        let answer = conch.classify(1).await;
        answer.assert_problem(502, "bad_answer");
        triton
            .until("the connection closed", |traffic| traffic.abandoned == 1)
            .await;
        let taken = triton.traffic().endless;
        // What fits into the system's buffers; of it, conch has read 64 KiB.
        assert!(taken < 32 * 1024 * 1024, "{taken}");
    }
}

#[tokio::test]
async fn a_document_without_end_is_not_read() {
    let path = "/v2/repository/index";
    let triton = FakeTriton::with(path, Reply::Endless { told: None }).await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    assert_eq!(conch.ready().await, [false]);
    triton
        .until("the connection closed", |traffic| traffic.abandoned > 0)
        .await;
    let requests = triton.paths_with(path).len();
    assert!(triton.traffic().endless < 48 * 1024 * 1024 * requests);
}

#[tokio::test]
async fn no_answer_in_time_is_told_in_time() {
    let triton = FakeTriton::with(INFER, Reply::Nothing).await;
    let conch = OverTriton::at(&[triton.url()], &["--triton-timeout", "0.3"]).await;
    let begun = Instant::now();
    let problem = conch.classify(1).await.assert_problem(504, "timed_out");
    assert_eq!(
        problem.detail,
        "Model tiny did not answer within 0.3 seconds."
    );
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(300), "{took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    triton
        .until("the connection closed", |traffic| traffic.abandoned == 1)
        .await;
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle_is_told_in_time() {
    // The head promises a body that never comes.
    let head =
        "HTTP/1.1 200 OK\r\nInference-Header-Content-Length: 10\r\nContent-Length: 100\r\n\r\n";
    let triton = FakeTriton::with(INFER, Reply::Stalls(head.into())).await;
    let conch = OverTriton::at(&[triton.url()], &["--triton-timeout", "0.3"]).await;
    conch.classify(1).await.assert_problem(504, "timed_out");
}

#[tokio::test]
async fn a_full_queue_asks_the_client_to_come_again() {
    let answer = ask(Reply::error(503, "Exceeds maximum queue size"), &[]).await;
    answer.assert_problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
    let answer = ask(Reply::error(503, "Request timeout expired"), &[]).await;
    let problem = answer.assert_problem(503, "overloaded");
    assert!(
        problem.detail.contains("waited for longer"),
        "{}",
        problem.detail
    );
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn tritons_own_words_stay_in_the_log() {
    let secret = "backend at 10.0.0.7 failed in /srv/models";
    for (status, expected, code) in [
        (500, 500, "engine_failed"),
        (400, 500, "engine_failed"),
        (404, 503, "model_unavailable"),
    ] {
        let answer = ask(Reply::error(status, secret), &[]).await;
        answer.assert_problem(expected, code);
        assert!(!answer.text().contains("10.0.0.7"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_wrong_request_never_reaches_triton() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let before = triton.requests().len();
    let photo = zeros(DataType::Uint8, &[1, 3, 8, 8]);
    for name in [
        "nope",
        "..%2f",
        "..%2Ftiny",
        "tiny%2f..%2ftiny",
        "%2e%2e",
        "tiny%00",
    ] {
        let answer = conch.server.classify(name, "input", &photo).await;
        assert_eq!(answer.status, 404, "{name}: {}", answer.text());
    }
    let wrong = zeros(DataType::Uint8, &[1, 3, 8, 9]);
    conch
        .server
        .classify("tiny", "input", &wrong)
        .await
        .assert_problem(400, "wrong_shape");
    for path in [
        "/v2/models/..%2fhealth%2flive",
        "/v2/models/tiny%2fversions%2f1",
        "/v2/models/tiny/versions/1%2finfer",
        "/v2/models/tiny/../../systemsharedmemory/status",
        "/v2/systemsharedmemory/status",
        "/v2/trace/setting",
        "/v2/logging",
        "/v2/repository/models/tiny/load",
    ] {
        assert_eq!(conch.server.get(path).await.status, 404, "{path}");
        let posted = conch.server.raw(path, 1, "x").await;
        assert!(
            matches!(posted.status.as_u16(), 404 | 405),
            "{path}: {}",
            posted.status
        );
    }
    let asked: Vec<String> = triton
        .requests()
        .split_off(before)
        .into_iter()
        .map(|r| r.path)
        .collect();
    let only_looks = |path: &String| path == "/v2/health/ready" || path == "/v2/repository/index";
    assert!(asked.iter().all(only_looks), "{asked:?}");
}
