//! Spans of requests, as a collector of OpenTelemetry gets them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use conch_proxy::server::Limits;
use conch_proxy::shutdown::Phase;
use conch_proxy::trace::{Exporter, Span, Trace};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{Fake, Log, TestServer, eventually, listen, options, zeros};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// A collector that takes spans, or refuses them.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<(Vec<Value>, bool)>>);

async fn take(State(collector): State<Collector>, Json(message): Json<Value>) -> StatusCode {
    let mut state = collector.0.lock().unwrap();
    if state.1 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    state.0.push(message);
    StatusCode::OK
}

impl Collector {
    /// Listens; gives the address.
    async fn listen(&self) -> String {
        let app = Router::new().route("/v1/traces", post(take));
        let app = app.with_state(self.clone());
        let limits = Limits::new(&options(&[]), Duration::ZERO);
        listen(app, limits, watch::channel(Phase::Serving).0).await
    }

    fn refuses(&self, refuses: bool) {
        self.0.lock().unwrap().1 = refuses;
    }

    fn messages(&self) -> Vec<Value> {
        self.0.lock().unwrap().0.clone()
    }

    fn spans(&self) -> Vec<Value> {
        let messages = self.messages();
        let spans = |message: &Value| {
            let spans = &message["resourceSpans"][0]["scopeSpans"][0]["spans"];
            spans.as_array().unwrap().clone()
        };
        messages.iter().flat_map(spans).collect()
    }

    async fn until(&self, count: usize) -> Vec<Value> {
        eventually("the spans", async || self.spans().len() >= count).await;
        self.spans()
    }
}

fn attribute<'a>(of: &'a Value, key: &str) -> &'a Value {
    let attributes = of["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["key"] == key);
    found.map_or(&Value::Null, |attribute| &attribute["value"])
}

fn nanoseconds(span: &Value, key: &str) -> u128 {
    span[key].as_str().unwrap().parse().unwrap()
}

async fn ask(conch: &TestServer, path: &str, traceparent: &str) {
    let request = Request::get(path).header("traceparent", traceparent);
    let request = request.header("x-request-id", "mine");
    conch.send(request, Body::empty()).await;
}

#[tokio::test]
async fn a_request_is_told_as_a_span_of_its_callers_trace() {
    let collector = Collector::default();
    let url = collector.listen().await;
    let conch = TestServer::options(&["--otlp-endpoint", &url]);
    let before = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let sampled = format!("00-{TRACE}-{CALLER}-01");
    ask(&conch, "/api/models/fake?secret=7", &sampled).await;
    let spans = collector.until(1).await;
    let span = &spans[0];
    assert_eq!(span["traceId"], TRACE);
    assert_eq!(span["parentSpanId"], CALLER);
    let own = span["spanId"].as_str().unwrap();
    assert!(own.len() == 16 && own != CALLER, "{own}");
    assert_eq!(span["name"], "GET /api/models/{name}");
    assert_eq!((&span["kind"], &span["flags"]), (&json!(2), &json!(1)));
    let is = |key, value: Value| assert_eq!(attribute(span, key), &value, "{span}");
    is("http.request.method", json!({ "stringValue": "GET" }));
    is("http.route", json!({ "stringValue": "/api/models/{name}" }));
    is("url.path", json!({ "stringValue": "/api/models/fake" }));
    is("http.response.status_code", json!({ "intValue": "200" }));
    is("conch.request_id", json!({ "stringValue": "mine" }));
    let (start, end) = (
        nanoseconds(span, "startTimeUnixNano"),
        nanoseconds(span, "endTimeUnixNano"),
    );
    assert!(start <= end && start + 1_000_000_000 > before.as_nanos());
    let message = &collector.messages()[0]["resourceSpans"][0];
    let name = attribute(&message["resource"], "service.name");
    assert_eq!(name, &json!({ "stringValue": "conch" }));
    assert!(!message.to_string().contains("secret"));
}

#[tokio::test]
async fn a_fault_is_told_as_one_and_a_clients_mistake_is_not() {
    let collector = Collector::default();
    let url = collector.listen().await;
    let fake = Fake::answering(|_| panic!("at the disco"));
    let conch = TestServer::with(fake, &["--otlp-endpoint", &url]);
    let photo = zeros(conch_shared::tensor::DataType::Fp32, &[1, 3, 8, 8]);
    conch.classify("fake", "pixels", &photo).await;
    conch.get("/api/nothing").await;
    let spans = collector.until(2).await;
    let code = |span| attribute(span, "error.type")["stringValue"].clone();
    assert_eq!(
        (code(&spans[0]), code(&spans[1])),
        ("internal".into(), "not_found".into())
    );
    assert_eq!(spans[0]["status"], json!({ "code": 2 }));
    assert_eq!(
        (&spans[1]["status"], &spans[1]["name"]),
        (&Value::Null, &json!("GET"))
    );
    // Each began a trace of its own.
    assert_eq!(spans[0]["parentSpanId"], Value::Null);
    assert_ne!(spans[0]["traceId"], spans[1]["traceId"]);
}

#[tokio::test]
async fn what_the_caller_does_not_record_is_not_told() {
    let collector = Collector::default();
    let url = collector.listen().await;
    let conch = TestServer::options(&["--otlp-endpoint", &url]);
    ask(&conch, "/health/live", &format!("00-{TRACE}-{CALLER}-00")).await;
    ask(&conch, "/health/ready", "none").await;
    let spans = collector.until(1).await;
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0]["name"], "GET /health/ready");
}

#[tokio::test]
async fn a_collector_that_takes_nothing_costs_spans_and_no_answer() {
    let log = Log::default();
    let _guard = log.start();
    let collector = Collector::default();
    let url = collector.listen().await;
    collector.refuses(true);
    let conch = TestServer::options(&["--otlp-endpoint", &url]);
    let begun = Instant::now();
    for _ in 0..5000 {
        assert_eq!(conch.get("/health/live").await.status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
    eventually("it is told", async || {
        !log.lines(&["WARN", "the collector takes no spans", "503"])
            .is_empty()
    })
    .await;
    collector.refuses(false);
    eventually("it is well again", async || {
        conch.get("/health/live").await;
        !log.lines(&["INFO", "the collector takes spans again"])
            .is_empty()
    })
    .await;
    assert_eq!(log.lines(&["the collector takes no spans"]).len(), 1);
}

#[tokio::test]
async fn what_still_waits_is_told_before_the_server_ends() {
    let collector = Collector::default();
    let url = collector.listen().await;
    let spans = Exporter::start(&options(&["--otlp-endpoint", &url]));
    let spans = spans.unwrap().unwrap();
    for status in [200, 404] {
        spans.send(Span {
            trace: Trace::of(&HeaderMap::new(), true),
            method: "GET",
            path: Span::path(&"/x".repeat(1000)),
            route: None,
            status: StatusCode::from_u16(status).unwrap(),
            code: None,
            request_id: "mine".to_owned(),
            ended: SystemTime::now(),
            took: Duration::from_millis(1),
        });
    }
    spans.end().await;
    let told = collector.spans();
    assert_eq!(told.len(), 2);
    let path = attribute(&told[0], "url.path")["stringValue"].clone();
    assert_eq!(path.as_str().map(str::len), Some(256));
}
