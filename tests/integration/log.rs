//! A line a request, for people or for programs, with the ids that find it again.

use axum::body::Body;
use conch_proxy::log::Format;
use http::Request;
use serde_json::{Map, Value};

use crate::support::fake_triton::{FakeTriton, INFER};
use crate::support::{Fake, Log, OverTriton, TestServer, zeros};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

fn traceparent() -> String {
    format!("00-{TRACE}-{CALLER}-01")
}

/// The only line of a request, as JSON.
fn line(log: &Log) -> Map<String, Value> {
    let lines = log.lines(&[r#""message":"request""#]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    serde_json::from_str(&lines[0]).unwrap()
}

fn keys(line: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = line.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn a_line_of_json_is_flat_and_its_fields_are_these() {
    let log = Log::default();
    let _guard = log.start_as(Format::Json);
    let request = Request::get("/api/status?secret=7")
        .header("x-request-id", "mine")
        .header("traceparent", traceparent());
    let answer = TestServer::new().send(request, Body::empty()).await;
    assert_eq!(answer.status, 200);
    let line = line(&log);
    let fields = [
        "level",
        "message",
        "method",
        "ms",
        "path",
        "request_id",
        "status",
        "timestamp",
        "trace_id",
    ];
    assert_eq!(keys(&line), fields);
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/api/status");
    assert_eq!(line["status"], 200);
    assert!(line["ms"].is_number());
    assert_eq!(line["request_id"], "mine");
    assert_eq!(line["trace_id"], TRACE);
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!(log.lines(&["secret"]), [""; 0]);
}

#[tokio::test]
async fn a_problem_adds_its_code_and_a_fault_its_cause() {
    let log = Log::default();
    let _guard = log.start_as(Format::Json);
    TestServer::new().get("/api/nothing").await;
    assert_eq!(line(&log)["code"], "not_found");

    let log = Log::default();
    let _guard = log.start_as(Format::Json);
    let conch = TestServer::with(Fake::answering(|_| panic!("a \"word\"\n")), &[]);
    let photo = zeros(conch_shared::tensor::DataType::Fp32, &[1, 3, 8, 8]);
    conch.classify("fake", "pixels", &photo).await;
    let line = line(&log);
    assert_eq!(
        (&line["level"], &line["code"]),
        (&"ERROR".into(), &"internal".into())
    );
    assert_eq!(line["cause"], "a \"word\"\n");
}

#[tokio::test]
async fn a_line_for_people_has_the_same_ids() {
    let log = Log::default();
    let _guard = log.start();
    let request = Request::get("/health/live").header("traceparent", traceparent());
    let answer = TestServer::new().send(request, Body::empty()).await;
    let id = format!("request_id=\"{}\"", answer.header("x-request-id"));
    let trace = format!("trace_id={TRACE}");
    assert_eq!(log.lines(&["INFO", "request", &id, &trace]).len(), 1);
}

#[tokio::test]
async fn a_trace_that_is_not_in_order_is_replaced_and_no_answer_tells_of_it() {
    let log = Log::default();
    let _guard = log.start_as(Format::Json);
    let wrong = traceparent().to_uppercase();
    let request = Request::get("/health/live").header("traceparent", wrong);
    let answer = TestServer::new().send(request, Body::empty()).await;
    let trace = line(&log)["trace_id"].as_str().unwrap().to_owned();
    assert!(trace.len() == 32 && trace != TRACE, "{trace}");
    assert!(!answer.headers.contains_key("traceparent"));
}

#[tokio::test]
async fn triton_is_told_the_trace_with_this_request_as_its_caller() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let log = Log::default();
    let _guard = log.start_as(Format::Json);
    conch.classifies_well().await;
    let ours = line(&log)["trace_id"].as_str().unwrap().to_owned();
    let requests = triton.requests();
    let inferences = requests.iter().filter(|request| request.path == INFER);
    let told = inferences.filter_map(|request| request.headers.get("traceparent"));
    let told: Vec<&String> = told.collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with(&format!("00-{ours}-")), "{told:?}");
    // What a watch asks is no request's.
    let with_trace = requests
        .iter()
        .filter(|r| r.headers.contains_key("traceparent"));
    assert_eq!(with_trace.count(), 1);
}
