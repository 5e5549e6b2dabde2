//! `/metrics`: what is counted adds up, and its labels have a bound.

use std::sync::Arc;

use axum::body::Body;
use conch_proxy::server::Peer;
use conch_shared::tensor::DataType;
use http::{Method, Request};

use crate::support::fake_triton::{FakeTriton, INFER, Reply};
use crate::support::{
    Exposition, Fake, OverTriton, Sample, TestServer, Tiny, eventually, plain, zeros,
};

const CLASSIFY: (&str, &str) = ("route", "/api/models/{name}/classify");

async fn metrics(conch: &TestServer) -> Exposition {
    let answer = conch.get("/metrics").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    Exposition::parse(answer.text())
}

#[tokio::test]
async fn requests_are_counted_by_route_method_and_status() {
    let conch = TestServer::over(Arc::new(Tiny::default().engine()), &[]);
    for _ in 0..3 {
        let answer = conch.classify("tiny", "input", &plain(2, 0.5)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    conch.classify("nobody", "input", &plain(1, 0.5)).await;
    conch.get("/api/models/tiny/classify").await;
    let request = Request::builder().method("BREW").uri("/api/status");
    conch.send(request, Body::empty()).await;

    let seen = metrics(&conch).await;
    let requests = |labels| seen.sum("conch_http_requests_total", labels);
    assert_eq!(
        requests(&[CLASSIFY, ("method", "POST"), ("status", "200")]),
        3.0
    );
    assert_eq!(
        requests(&[CLASSIFY, ("method", "POST"), ("status", "404")]),
        1.0
    );
    assert_eq!(
        requests(&[CLASSIFY, ("method", "GET"), ("status", "405")]),
        1.0
    );
    assert_eq!(
        requests(&[("route", "/api/status"), ("method", "_OTHER")]),
        1.0
    );
    let duration = "conch_http_request_duration_seconds";
    assert_eq!(seen.sum(&format!("{duration}_count"), &[CLASSIFY]), 5.0);
    assert!(seen.sum(&format!("{duration}_sum"), &[CLASSIFY]) > 0.0);
    // The scrape itself.
    assert_eq!(seen.sum("conch_http_requests_in_flight", &[]), 1.0);
}

#[tokio::test]
async fn bytes_are_counted_both_ways() {
    let conch = TestServer::new();
    let before = metrics(&conch).await;
    let answer = conch
        .raw("/v2/models/fake/infer", 7, vec![b'x'; 1000])
        .await;
    assert_eq!(answer.status, 400);
    let path = conch.get("/api/models").await;
    let after = metrics(&conch).await;
    let grown = |name| after.sum(name, &[]) - before.sum(name, &[]);
    assert_eq!(grown("conch_http_request_body_bytes_total"), 1000.0);
    // Between them lies the first scrape's own answer, which was not sent when it was made.
    let sent = (answer.body.len() + path.body.len()) as f64;
    let scrape = grown("conch_http_response_body_bytes_total") - sent;
    assert!(scrape > 1000.0, "{scrape}");
}

#[tokio::test]
async fn the_engine_tells_what_waited_and_what_ran() {
    let conch = TestServer::over(Arc::new(Tiny::default().engine()), &[]);
    for photos in [1, 2, 5] {
        conch.classify("tiny", "input", &plain(photos, 0.5)).await;
    }
    let seen = metrics(&conch).await;
    let version = [("model", "tiny"), ("version", "1")];
    let value = |name| seen.sum(name, &version);
    assert_eq!(value("conch_queue_length"), 0.0);
    assert_eq!(value("conch_queue_wait_seconds_count"), 3.0);
    assert_eq!(value("conch_batch_size_count"), 3.0);
    assert_eq!(value("conch_batch_size_sum"), 8.0);
    assert_eq!(value("conch_inference_duration_seconds_count"), 3.0);
    assert!(value("conch_inference_duration_seconds_sum") > 0.0);
    assert_eq!(value("conch_model_ready"), 1.0);
    assert_eq!(seen.sum("conch_replica_up", &[("replica", "1")]), 1.0);
    let bucket = |le| seen.sum("conch_batch_size_bucket", &[("le", le)]);
    assert_eq!([bucket("1"), bucket("2"), bucket("8")], [1.0, 2.0, 3.0]);
}

#[tokio::test]
async fn what_waits_is_told_while_it_waits_and_a_client_that_goes_away_is_not_in_flight() {
    let held = Tiny::default()
        .batching("preferred_batch_size: [ 8 ] max_queue_delay_microseconds: 60000000");
    let conch = TestServer::over(Arc::new(held.engine()), &[]);
    let asks = conch.clone();
    let waits = tokio::spawn(async move {
        asks.classify("tiny", "input", &plain(3, 0.5)).await;
    });
    // With the scrape itself.
    let now = async || {
        let seen = metrics(&conch).await;
        ["conch_queue_length", "conch_http_requests_in_flight"].map(|name| seen.sum(name, &[]))
    };
    eventually("one waits", async || now().await == [1.0, 2.0]).await;
    waits.abort();
    eventually("it has gone", async || now().await[1] == 1.0).await;
}

#[tokio::test]
async fn versions_that_do_not_answer_are_told_too_and_models_without_one() {
    let mut fake = Fake::default();
    fake.model.index[2].version = None;
    fake.model.index[2].state = None;
    let seen = metrics(&TestServer::with(fake, &[])).await;
    let ready = |version| {
        let named = |sample: &&Sample| sample.name == "conch_model_ready";
        let mut samples = seen.samples.iter().filter(named);
        let found = samples.find(|sample| sample.label("version") == Some(version));
        found.map(|sample| sample.value)
    };
    assert_eq!(
        ["1", "2", "none"].map(ready),
        [Some(1.0), Some(0.0), Some(0.0)]
    );
}

#[tokio::test]
async fn what_is_shed_is_counted_by_its_code() {
    let conch = TestServer::with(
        Fake::answering(|_| {
            Err(conch_proxy::backend::BackendError::Busy {
                model: "fake".into(),
            })
        }),
        &[],
    );
    let photo = zeros(DataType::Fp32, &[1, 3, 8, 8]);
    for _ in 0..4 {
        let answer = conch.classify("fake", "pixels", &photo).await;
        answer.assert_problem(503, "overloaded");
    }
    let seen = metrics(&conch).await;
    let shed = [("reason", "overloaded")];
    assert_eq!(seen.sum("conch_shed_requests_total", &shed), 4.0);
}

#[tokio::test]
async fn unknown_paths_and_models_make_no_new_series() {
    let conch = TestServer::new();
    let visit = async |number: usize| {
        for base in ["", "/api", "/health", "/v2", "/v2/models", "/assets"] {
            conch.get(&format!("{base}/nothing-{number}")).await;
        }
        conch.get(&format!("/api/models/nobody-{number}")).await;
        let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
        let request = Request::builder().method(method).uri("/api/status");
        conch.send(request, Body::empty()).await;
    };
    visit(0).await;
    metrics(&conch).await;
    let before = metrics(&conch).await;
    for number in 1..=1000 {
        visit(number).await;
    }
    let after = metrics(&conch).await;
    assert_eq!(after.samples.len(), before.samples.len());
    let routes = |route| after.sum("conch_http_requests_total", &[("route", route)]);
    assert_eq!(routes("other"), 3.0 * 1001.0);
    assert_eq!(routes("page"), 2.0 * 1001.0);
    assert_eq!(routes("/v2/models/{name}"), 1001.0);
    assert_eq!(routes("/api/models/{name}"), 1001.0);
}

#[tokio::test]
async fn a_panic_is_counted_on_its_route() {
    let conch = TestServer::with(Fake::answering(|_| panic!("at the disco")), &[]);
    let photo = zeros(DataType::Fp32, &[1, 3, 8, 8]);
    let answer = conch.classify("fake", "pixels", &photo).await;
    answer.assert_problem(500, "internal");
    let seen = metrics(&conch).await;
    let failed = [CLASSIFY, ("status", "500")];
    assert_eq!(seen.sum("conch_http_requests_total", &failed), 1.0);
}

#[tokio::test]
async fn tries_and_retries_at_triton_are_counted_by_replica_and_outcome() {
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    one.says(INFER, Reply::error(500, "out of memory"));
    let mut asked = 0.0;
    while one.traffic().inferred == 0 {
        conch.classifies_well().await;
        asked += 1.0;
    }
    let seen = metrics(&conch.server).await;
    let tries = |replica, outcome| {
        let labels = [("replica", replica), ("outcome", outcome)];
        seen.sum("conch_triton_tries_total", &labels)
    };
    assert_eq!((tries("1", "failed"), tries("2", "ok")), (1.0, asked));
    assert_eq!(tries("1", "ok"), 0.0);
    assert_eq!(seen.sum("conch_triton_retries_total", &[]), 1.0);
    let durations = "conch_triton_try_duration_seconds_count";
    assert_eq!(seen.sum(durations, &[("replica", "1")]), 1.0);
    assert_eq!(seen.sum(durations, &[("replica", "2")]), asked);
}

#[tokio::test]
async fn a_replica_that_dies_is_down_in_the_metrics_and_its_address_is_nowhere() {
    let (mut one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    let up = async || {
        let seen = metrics(&conch.server).await;
        ["1", "2"].map(|replica| seen.sum("conch_replica_up", &[("replica", replica)]))
    };
    assert_eq!(up().await, [1.0, 1.0]);
    one.dies().await;
    eventually("it is down", async || up().await == [0.0, 1.0]).await;
    let text = conch.server.get("/metrics").await;
    let port = one.url().rsplit(':').next().unwrap().to_owned();
    assert!(!text.text().contains(&format!("127.0.0.1:{port}")));
}

#[tokio::test]
async fn the_process_and_the_build_are_told() {
    let seen = metrics(&TestServer::new()).await;
    let build = [("version", env!("CARGO_PKG_VERSION")), ("engine", "none")];
    assert_eq!(seen.sum("conch_build_info", &build), 1.0);
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs_f64();
    let started = seen.sum("process_start_time_seconds", &[]);
    assert!((now - 60.0..=now).contains(&started), "{started} {now}");
    if cfg!(target_os = "linux") {
        assert!(seen.sum("process_resident_memory_bytes", &[]) > 1e6);
        assert!(seen.sum("process_open_fds", &[]) > 2.0);
        assert!(seen.sum("process_cpu_seconds_total", &[]) >= 0.0);
    }
}

#[tokio::test]
async fn only_this_machine_sees_them_unless_they_are_opened() {
    let far = Peer {
        ip: [192, 0, 2, 7].into(),
        is_secure: false,
    };
    let near = Peer {
        ip: [127, 0, 0, 1].into(),
        ..far
    };
    let ask = async |options: &[&str], peer: Peer, header: &str| {
        let request = Request::get("/metrics").header(header, "192.0.2.7");
        let conch = TestServer::options(options);
        conch.send(request.extension(peer), Body::empty()).await
    };
    let closed = ask(&[], far, "accept").await;
    closed.assert_problem(403, "metrics_closed");
    assert_eq!(ask(&[], near, "accept").await.status, 200);
    // A proxy on this machine brings others' requests.
    for header in ["x-forwarded-for", "forwarded"] {
        let behind = ask(&[], near, header).await;
        behind.assert_problem(403, "metrics_closed");
    }
    assert_eq!(ask(&["--metrics-public"], far, "accept").await.status, 200);
}
