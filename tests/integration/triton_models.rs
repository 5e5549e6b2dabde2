//! What is known of a Triton's models, and from where.

use std::time::Duration;

use conch_proxy::backend::{Backend, BackendError, Job, ModelId};
use conch_shared::api::{ModelInfo, ModelList, ModelState, Status};
use conch_shared::kserve::NamedTensor;
use conch_shared::kserve::statistics::Duration as Sum;
use conch_shared::tensor::DataType;
use serde_json::{Value, json};

use crate::support::fake_triton::{FakeTriton, INFER, Reply, config};
use crate::support::{OverTriton, eventually, zeros};

const CONFIG: &str = "/v2/models/tiny/versions/1/config";
const INDEX: &str = "/v2/repository/index";

/// Why the model does not answer.
async fn reason(triton: &FakeTriton) -> String {
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    match conch.state("tiny").await {
        ModelState::Unavailable { reason } => reason,
        ModelState::Ready => panic!("the model is ready"),
    }
}

fn job(timeout: Option<u64>) -> Job {
    Job {
        inputs: vec![NamedTensor {
            name: "input".to_owned(),
            tensor: zeros(DataType::Fp32, &[1, 3, 8, 8]),
        }],
        outputs: vec!["output".to_owned()],
        timeout,
    }
}

#[tokio::test]
async fn status_and_models_are_tritons_and_name_no_address() {
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    let answer = conch.server.get("/api/status").await;
    assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    let status: Status = answer.json();
    assert_eq!(
        (status.backend.kind.as_str(), status.backend.engine.as_str()),
        ("triton", "Triton 2.51.0")
    );
    let names: Vec<&str> = status
        .backend
        .replicas
        .iter()
        .map(|r| r.name.as_str())
        .collect();
    assert_eq!(names, ["replica 1", "replica 2"]);
    let list: ModelList = conch.server.get("/api/models").await.json();
    assert_eq!(list.default.as_deref(), Some("tiny"));
    let spec = list.models[0].spec.as_ref().unwrap();
    assert_eq!(
        (spec.classes, spec.max_batch_size, spec.recipe.crop),
        (3, 4, 8)
    );
    let model = conch.backend.model("tiny").await.unwrap();
    assert_eq!(model.config, Some(config()));
    assert_eq!(
        model.metadata.as_ref().unwrap().inputs[0].shape,
        [-1, 3, 8, 8]
    );
    assert!(model.is_ready(Some(1)) && !model.is_ready(Some(2)));
}

#[tokio::test]
async fn only_extensions_that_conch_serves_are_told() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let server = conch.backend.server().await;
    assert_eq!(
        (server.name.as_str(), server.version.as_str()),
        ("triton", "2.51.0")
    );
    assert_eq!(server.extensions, ["classification", "statistics"]);
}

#[tokio::test]
async fn what_is_no_image_classifier_is_listed_and_serves_v2() {
    let mut other = config();
    other["input"][0]["dims"] = json!([128]);
    let triton = FakeTriton::with(CONFIG, Reply::json(200, &other)).await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let info: ModelInfo = conch.server.get("/api/models/tiny").await.json();
    assert!(matches!(info.state, ModelState::Unavailable { .. }));
    assert!(info.spec.is_none());
    let model = conch.backend.model("tiny").await.unwrap();
    assert!(model.is_ready(None) && model.metadata.is_some());
    assert_eq!(model.config, Some(other));
    conch
        .classify(1)
        .await
        .assert_problem(503, "model_unavailable");
    let inference = conch.backend.infer(&model, None, job(None)).await.unwrap();
    assert_eq!(
        inference.outputs[0].tensor.to_f32().unwrap(),
        [0.0, 2.0, 1.0]
    );
}

#[tokio::test]
async fn a_model_that_is_not_ready_says_why_in_tritons_words() {
    let index = json!([{
        "name": "tiny", "version": "1", "state": "UNAVAILABLE", "reason": "the weights are missing",
    }]);
    let triton = FakeTriton::with(INDEX, Reply::json(200, &index)).await;
    assert_eq!(reason(&triton).await, "the weights are missing");
    let nothing = json!([{ "name": "tiny" }]);
    let triton = FakeTriton::with(INDEX, Reply::json(200, &nothing)).await;
    assert_eq!(reason(&triton).await, "Triton has not loaded it");
}

#[tokio::test]
async fn documents_that_make_no_sense_keep_a_model_from_answering() {
    for (path, reply) in [
        (CONFIG, Reply::json(200, &json!({ "name": "other" }))),
        (CONFIG, Reply::html(200)),
        (CONFIG, Reply::json(200, &json!([]))),
        (
            "/v2/models/tiny/versions/1",
            Reply::json(200, &json!({ "name": "tiny" })),
        ),
        ("/v2/models/tiny/versions/1", Reply::error(404, "a secret")),
    ] {
        let triton = FakeTriton::with(path, reply).await;
        assert_eq!(
            reason(&triton).await,
            "Triton's answers on it make no sense"
        );
    }
}

#[tokio::test]
async fn a_server_whose_index_makes_no_sense_is_not_ready() {
    for reply in [
        Reply::html(200),
        Reply::json(200, &json!({ "name": "tiny" })),
        Reply::error(500, "no"),
        Reply::Whole {
            status: 200,
            headers: vec![],
            body: vec![b'['; 100_000],
        },
    ] {
        let triton = FakeTriton::with(INDEX, reply).await;
        let conch = OverTriton::at(&[triton.url()], &[]).await;
        assert_eq!(conch.ready().await, [false]);
        triton.recovers(INDEX);
        conch.until_ready(&[true]).await;
    }
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_no_models() {
    let named = |name: &str| json!({ "name": name, "version": "1", "state": "READY" });
    let index: Vec<Value> = ["..", ".", "", "../tiny", "tiny"].map(named).into();
    let triton = FakeTriton::with(INDEX, Reply::json(200, &json!(index))).await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let names: Vec<String> = conch
        .backend
        .models()
        .await
        .iter()
        .map(|model| model.info.name.clone())
        .collect();
    assert_eq!(names, ["tiny"]);
    assert_eq!(triton.paths_with(".."), [""; 0]);
}

#[tokio::test]
async fn a_config_that_changes_in_place_is_taken_up() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &["--triton-health-interval", "10"]).await;
    let mut changed = config();
    changed["parameters"] = json!({ "preprocess.resize": { "string_value": "16" } });
    triton.says(CONFIG, Reply::json(200, &changed));
    let resize = async || {
        let model = conch.backend.model("tiny").await.unwrap();
        model.info.spec.as_ref().unwrap().recipe.resize
    };
    eventually("the new recipe", async || resize().await == 16).await;
}

#[tokio::test]
async fn a_version_that_is_not_there_is_told() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let model = conch.backend.model("tiny").await.unwrap();
    let ask = async |version| conch.backend.infer(&model, version, job(None)).await;
    assert_eq!(ask(Some(1)).await.unwrap().version, "1");
    let error = ask(Some(7)).await.unwrap_err();
    assert!(
        matches!(error, BackendError::UnknownVersion { version: 7, .. }),
        "{error}"
    );
    assert_eq!(triton.paths_with("versions/7"), [""; 0]);
}

#[tokio::test]
async fn the_time_in_the_queue_is_handed_on() {
    let triton = FakeTriton::start().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let model = conch.backend.model("tiny").await.unwrap();
    let answer = conch.backend.infer(&model, None, job(Some(1500))).await;
    assert!(answer.is_ok());
    let requests = triton.requests();
    let sent = requests
        .iter()
        .rfind(|request| request.path == INFER)
        .unwrap();
    assert_eq!(sent.json()["parameters"]["timeout"], 1500);
}

#[tokio::test]
async fn statistics_of_all_replicas_add_up() {
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    for id in [None, Some(ModelId::newest("tiny"))] {
        let sums = conch.backend.statistics(id.as_ref()).await.unwrap();
        assert_eq!(sums.len(), 1);
        assert_eq!((sums[0].inference_count, sums[0].execution_count), (10, 6));
        assert_eq!(
            sums[0].inference_stats.compute_infer,
            Sum { count: 6, ns: 60 }
        );
        assert_eq!(
            sums[0].batch_stats[0].compute_infer,
            Sum { count: 6, ns: 60 }
        );
    }
    let unknown = conch
        .backend
        .statistics(Some(&ModelId::newest("nope")))
        .await;
    assert!(matches!(unknown, Err(BackendError::UnknownModel { .. })));
}

#[tokio::test]
async fn one_replicas_statistics_are_better_than_none() {
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    one.says("/v2/models/stats", Reply::html(200));
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    let sums = conch.backend.statistics(None).await.unwrap();
    assert_eq!(sums[0].inference_count, 5);
}

#[tokio::test]
async fn only_a_200_is_ready() {
    for status in [204, 302, 400, 503] {
        let triton = FakeTriton::with("/v2/health/ready", Reply::html(status)).await;
        let conch = OverTriton::at(&[triton.url()], &[]).await;
        assert_eq!(conch.ready().await, [false], "{status}");
    }
}

#[tokio::test]
async fn conch_begins_before_its_triton() {
    let mut triton = FakeTriton::start().await;
    triton.dies().await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    conch
        .server
        .get("/health/ready")
        .await
        .assert_problem(503, "not_ready");
    conch
        .classify(1)
        .await
        .assert_problem(503, "model_unavailable");
    triton.restart().await;
    conch.until_ready(&[true]).await;
    assert_eq!(conch.server.get("/health/ready").await.status, 200);
    conch.classifies_well().await;
}

#[tokio::test]
async fn the_start_does_not_wait_for_a_triton_that_hangs() {
    let triton = FakeTriton::with("/v2/health/ready", Reply::Nothing).await;
    let urls = [triton.url()];
    let start = OverTriton::at(&urls, &[]);
    let conch = tokio::time::timeout(Duration::from_secs(5), start)
        .await
        .unwrap();
    assert_eq!(conch.ready().await, [false]);
}
