//! What a model's folder says: `GET /api/models/{name}/config`, the text of its `config.pbtxt`, and
//! `/labels`, its class names.

use std::fs;

use serde_json::json;

use crate::support::fake_triton::{FakeTriton, Reply, config};
use crate::support::{Fake, OverTriton, TestServer, engine_of, eventually, repository_with, root};

const MODEL: &str = "efficientnet_lite0";
const PATH: &str = "/api/models/efficientnet_lite0/config";
const TINY: &str = "/api/models/tiny/config";
const TINYS_CONFIG: &str = "/v2/models/tiny/versions/1/config";

#[tokio::test]
async fn the_embedded_engine_gives_the_file_to_the_byte() {
    let repository = repository_with(&[]);
    let conch = TestServer::with(engine_of(repository.path(), &[]).unwrap(), &[]);
    let answer = conch.get(PATH).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let file = fs::read(root().join("model_repo").join(MODEL).join("config.pbtxt")).unwrap();
    assert_eq!(answer.body, file);
}

#[tokio::test]
async fn a_model_that_cannot_run_shows_its_config_all_the_same() {
    let repository = repository_with(&[]);
    let other = repository.path().join("other");
    fs::create_dir(&other).unwrap();
    let text = "# No image goes in here.\nname: \"other\"\nplatform: \"tensorrt_plan\"\n";
    fs::write(other.join("config.pbtxt"), text).unwrap();
    fs::create_dir(repository.path().join("bare")).unwrap();
    let conch = TestServer::with(engine_of(repository.path(), &[]).unwrap(), &[]);
    assert_eq!(conch.get("/api/models/other/config").await.text(), text);
    let bare = conch.get("/api/models/bare/config").await;
    let problem = bare.assert_problem(503, "model_unavailable");
    assert!(
        problem.detail.contains("has no config.pbtxt"),
        "{}",
        problem.detail
    );
}

#[tokio::test]
async fn a_model_that_is_not_there_has_none() {
    let conch = TestServer::with(Fake::default(), &[]);
    conch
        .get("/api/models/nope/config")
        .await
        .assert_problem(404, "unknown_model");
    let request = http::Request::post("/api/models/fake/config");
    conch
        .send(request, "")
        .await
        .assert_problem(405, "method_not_allowed");
}

#[tokio::test]
async fn before_a_triton_it_is_what_triton_reports() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let answer = conch.server.get(TINY).await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.text();
    assert!(
        text.starts_with("# Printed by Conch from the config that Triton reports"),
        "{text}"
    );
    for line in ["name: \"tiny\"", "max_batch_size: 4", "  dims: [ 3, 8, 8 ]"] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(!text.contains("127.0.0.1"), "{text}");
}

#[tokio::test]
async fn a_report_that_is_no_config_is_a_bad_answer() {
    let mut report = config();
    report["ensemble_scheduling"] = json!(7);
    let triton = FakeTriton::with(TINYS_CONFIG, Reply::json(200, &report)).await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    conch
        .server
        .get(TINY)
        .await
        .assert_problem(502, "bad_answer");
}

#[tokio::test]
async fn a_triton_that_was_never_there_is_told_from_a_model_that_is_not() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    conch
        .server
        .get("/api/models/nope/config")
        .await
        .assert_problem(404, "unknown_model");
    let away = OverTriton::at(&["http://127.0.0.1:9".to_owned()], &[]).await;
    eventually("a Triton that is away", async || !away.ready().await[0]).await;
    away.server
        .get(TINY)
        .await
        .assert_problem(503, "model_unavailable");
}

#[tokio::test]
async fn the_class_names_are_those_of_the_answers() {
    let conch = TestServer::with(Fake::default(), &[]);
    let labels: Vec<String> = conch.get("/api/models/fake/labels").await.json();
    assert_eq!(labels, ["shell", "sand", "sea"]);
    conch
        .get("/api/models/nope/labels")
        .await
        .assert_problem(404, "unknown_model");
    let triton = FakeTriton::start().await;
    let over = OverTriton::at(&[triton.url()], &[]).await;
    let labels: Vec<String> = over.server.get("/api/models/tiny/labels").await.json();
    assert_eq!(labels, ["shell", "sand: wet, dry", "sea"]);
}
