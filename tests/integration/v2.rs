//! The v2 API but for inference: what Triton says, and what stays out of reach.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use conch_proxy::backend::BackendError;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{Fake, TestServer};

async fn json_of(conch: &TestServer, path: &str) -> Value {
    conch.get(path).await.json()
}

#[tokio::test]
async fn the_server_tells_name_version_and_extensions() {
    let conch = TestServer::new();
    let expected = json!({ "name": "fake", "version": "1", "extensions": [] });
    assert_eq!(json_of(&conch, "/v2").await, expected);
    assert_eq!(json_of(&conch, "/v2/").await, expected);
}

#[tokio::test]
async fn readiness_is_an_empty_200_or_a_400() {
    let conch = TestServer::new();
    for path in [
        "/v2/health/live",
        "/v2/health/ready",
        "/v2/models/fake/ready",
        "/v2/models/fake/versions/1/ready",
    ] {
        let answer = conch.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, ""), "{path}");
        assert_eq!(answer.header("content-type"), "text/plain", "{path}");
    }
    for path in [
        "/v2/models/fake/versions/2/ready",
        "/v2/models/fake/versions/7/ready",
        "/v2/models/nope/ready",
    ] {
        let answer = conch.get(path).await;
        answer.assert_error(400, "Model version not ready");
    }
    let down = TestServer::with(Fake::unavailable(), &[]);
    let answer = down.get("/v2/health/ready").await;
    answer.assert_error(400, "Server not ready");
    let answer = down.get("/v2/models/fake/ready").await;
    answer.assert_error(400, "Model version not ready");
    assert_eq!(down.get("/v2/health/live").await.status, 200);
}

#[tokio::test]
async fn a_models_tensors_and_config_are_told() {
    let conch = TestServer::new();
    let metadata = |versions: Value| {
        json!({
            "name": "fake",
            "versions": versions,
            "platform": "onnxruntime_onnx",
            "inputs": [{ "name": "pixels", "datatype": "FP32", "shape": [-1, 3, 8, 8] }],
            "outputs": [{ "name": "logits", "datatype": "FP32", "shape": [-1, 3] }],
        })
    };
    let all = json_of(&conch, "/v2/models/fake").await;
    assert_eq!(all, metadata(json!(["1", "3"])));
    let one = json_of(&conch, "/v2/models/fake/versions/3").await;
    assert_eq!(one, metadata(json!(["3"])));
    let zeros = json_of(&conch, "/v2/models/fake/versions/003").await;
    assert_eq!(zeros, one);
    let config = json!({ "name": "fake", "max_batch_size": 4 });
    for path in [
        "/v2/models/fake/config",
        "/v2/models/fake/versions/1/config",
    ] {
        assert_eq!(json_of(&conch, path).await, config);
    }
}

#[tokio::test]
async fn what_is_unknown_is_told_in_tritons_words() {
    let conch = TestServer::new();
    for path in ["", "/config"] {
        let answer = conch.get(&format!("/v2/models/nope{path}")).await;
        answer.assert_error(404, "Request for unknown model: 'nope' is not found");
        let answer = conch
            .get(&format!("/v2/models/fake/versions/7{path}"))
            .await;
        answer.assert_error(
            404,
            "Request for unknown model: 'fake' version 7 is not found",
        );
        let answer = conch
            .get(&format!("/v2/models/fake/versions/2{path}"))
            .await;
        answer.assert_error(
            503,
            "Request for unknown model: 'fake' version 2 is not at ready state: \
             2/model.onnx is missing",
        );
    }
    let answer = conch.get("/v2/models/nope/stats").await;
    answer.assert_error(400, "requested model 'nope' is not available");
    let answer = conch.get("/v2/models/fake/versions/7/stats").await;
    answer.assert_error(
        400,
        "requested model version is not available for model 'fake'",
    );
    let down = TestServer::with(Fake::unavailable(), &[]);
    down.get("/v2/models/fake").await.assert_error(
        503,
        "Request for unknown model: 'fake' has no available versions: 1/model.onnx is missing",
    );
}

#[tokio::test]
async fn statistics_have_tritons_fields_for_all_for_one_and_for_a_version() {
    let conch = TestServer::new();
    for (path, versions) in [
        ("/v2/models/stats", &["1", "3"][..]),
        ("/v2/models/fake/stats", &["1", "3"]),
        ("/v2/models/fake/versions/3/stats", &["3"]),
    ] {
        let body = json_of(&conch, path).await;
        let entries = body["model_stats"].as_array().unwrap();
        let found: Vec<&str> = entries
            .iter()
            .map(|entry| entry["version"].as_str().unwrap())
            .collect();
        assert_eq!(found, versions, "{path}");
        for field in [
            "name",
            "inference_count",
            "execution_count",
            "inference_stats",
        ] {
            assert!(!entries[0][field].is_null(), "{field}");
        }
        assert_eq!(entries[0]["response_stats"], json!({}));
        assert_eq!(entries[0]["memory_usage"], json!([]));
    }
}

#[tokio::test]
async fn the_index_lists_every_version_or_those_that_answer() {
    let conch = TestServer::new();
    let index = async |body: &'static str| {
        let request = Request::post("/v2/repository/index");
        conch.send(request, body).await
    };
    let ready = |version| json!({ "name": "fake", "version": version, "state": "READY" });
    let mut all = vec![ready("1"), ready("3")];
    for body in [
        r#"{"ready": true}"#,
        r#"{"ready": true, "repository_name": "x"}"#,
    ] {
        assert_eq!(index(body).await.json::<Vec<Value>>(), all);
    }
    let missing = json!({
        "name": "fake", "version": "2", "state": "UNAVAILABLE",
        "reason": "2/model.onnx is missing",
    });
    all.insert(1, missing);
    for body in ["", "{}", r#"{"ready": false}"#] {
        assert_eq!(index(body).await.json::<Vec<Value>>(), all);
    }
    for body in ["xx", r#"{"ready": 1}"#] {
        let answer = index(body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains("line 1 column"), "{}", answer.text());
    }
}

#[tokio::test]
async fn everything_else_is_not_there_and_reaches_no_backend() {
    let fake = Fake::default();
    let calls = Arc::clone(&fake.calls);
    let conch = TestServer::with(fake, &[]);
    let long = format!("/v2/models/{}", "a".repeat(5000));
    let long_infer = format!("{long}/infer");
    for path in [
        "/v2/nope",
        "/v2/models",
        "/v2/models/",
        "/v2/models/fake/nope",
        "/v2/models/fake/versions",
        "/v2/models/fake/versions/x",
        "/v2/models/fake/versions/+1",
        "/v2/models/fake/versions/-1",
        "/v2/models/fake/versions/99999999999999999999",
        "/v2/repository/models/fake/load",
        "/v2/repository/models/fake/unload",
        "/v2/systemsharedmemory/status",
        "/v2/systemsharedmemory/region/r/register",
        "/v2/cudasharedmemory/status",
        "/v2/cudasharedmemory/unregister",
        "/v2/models/fake/trace/setting",
        "/v2/trace/setting",
        "/v2/logging",
        "/v2/models/..%2frepository",
        "/v2/models/..%2f..%2fv2%2flogging/infer",
        "/v2/models/fake%2fready",
        "/v2/models/fake%2Fversions%2F1",
        "/v2/models/fake%5cready",
        "/v2/models/%2e%2e/config",
        "/v2/models/../config",
        "/v2/models/%2e",
        "/v2/models/%ff",
        "/v2/models/fake%00",
        &long,
        &long_infer,
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let request = Request::builder().method(method.clone()).uri(path);
            let answer = conch.send(request, "").await;
            // A path that a route takes, if the name in it were one, may refuse the method first.
            if answer.status != 405 {
                answer.assert_error(404, &format!("There is nothing at {path}."));
            }
            if method == Method::GET && !path.ends_with("infer") {
                assert_eq!(answer.status, 404, "{path}");
            }
        }
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_wrong_method_is_refused_in_tritons_shape() {
    let conch = TestServer::new();
    for (method, path, allowed) in [
        (Method::POST, "/v2", "GET or HEAD"),
        (Method::POST, "/v2/models/fake", "GET or HEAD"),
        (Method::DELETE, "/v2/models/fake/versions/1", "GET or HEAD"),
        (Method::POST, "/v2/models/stats", "GET or HEAD"),
        (Method::GET, "/v2/models/fake/infer", "POST"),
        (Method::GET, "/v2/repository/index", "POST"),
        (Method::OPTIONS, "/v2", "GET or HEAD"),
    ] {
        let request = Request::builder().method(method.clone()).uri(path);
        let answer = conch.send(request, "").await;
        answer.assert_error(405, &format!("{path} takes {allowed}, not {method}."));
        assert_eq!(answer.header("allow"), allowed.replace(" or ", ","));
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let conch = TestServer::new();
    for (path, status) in [("/v2", 200), ("/v2/models/fake", 200), ("/v2/nope", 404)] {
        let answer = conch.send(Request::head(path), "").await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.is_empty(), "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn a_busy_model_says_here_too_when_to_come_back() {
    let busy = Fake::answering(|_| {
        Err(BackendError::Overloaded {
            model: "fake".to_owned(),
            waiting: 64,
        })
    });
    let photo = crate::support::zeros(conch_shared::tensor::DataType::Fp32, &[1, 3, 8, 8]);
    let answer = TestServer::with(busy, &[])
        .infer("/v2/models/fake/infer", &[("pixels", &photo)])
        .await;
    answer.assert_error(503, "Model fake is busy: its queue of 64 requests is full.");
    assert_eq!(answer.header("retry-after"), "1");
}
