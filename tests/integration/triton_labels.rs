//! Where class names come from before a Triton: a repository at hand, or Triton itself.

use conch_proxy::backend::Backend;
use conch_shared::api::{Classification, ModelState};
use serde_json::json;
use tempfile::TempDir;

use crate::support::fake_triton::{FakeTriton, INFER, Reply, config, labels};
use crate::support::{OverTriton, eventually};

/// A repository that has labels for the fake's model.
fn repository(labels: &str) -> TempDir {
    let repository = TempDir::new().unwrap();
    std::fs::create_dir(repository.path().join("tiny")).unwrap();
    std::fs::write(repository.path().join("tiny/labels.txt"), labels).unwrap();
    repository
}

#[tokio::test]
async fn labels_of_a_repository_at_hand_come_first() {
    let triton = FakeTriton::start().await;
    let at_hand = repository("one\ntwo\nthree\n");
    let root = Some(at_hand.path().to_owned());
    let conch = OverTriton::with_labels(&[triton.url()], &[], root).await;
    assert_eq!(triton.paths_with("/infer"), [""; 0]);
    let answer: Classification = conch.classify(1).await.json();
    assert_eq!(answer.results[0][0].label, "two");
}

#[tokio::test]
async fn a_repository_whose_labels_do_not_fit_does_not_count() {
    let triton = FakeTriton::start().await;
    let other = repository("one\ntwo\n");
    let root = Some(other.path().to_owned());
    OverTriton::with_labels(&[triton.url()], &[], root)
        .await
        .classifies_well()
        .await;
}

#[tokio::test]
async fn a_config_without_labels_gets_numbers() {
    let mut config = config();
    config["output"][0]["label_filename"] = json!("");
    let triton = FakeTriton::with(
        "/v2/models/tiny/versions/1/config",
        Reply::json(200, &config),
    )
    .await;
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let answer: Classification = conch.classify(1).await.json();
    assert_eq!(answer.results[0][0].label, "class 1");
}

#[tokio::test]
async fn labels_that_do_not_add_up_keep_a_model_from_answering_until_they_do() {
    for entries in [
        &["2.0:1:sand", "1.0:2:sea"][..],
        &["2.0:1:sand", "1.0:1:sea", "0.0:0:shell"],
        &["2.0:1:sand", "1.0:2:sea", "0.0:3:shell"],
        &["sand", "sea", "shell"],
    ] {
        let triton = FakeTriton::start().await;
        triton.names_classes_as(labels(entries));
        let conch = OverTriton::at(&[triton.url()], &[]).await;
        let problem = conch
            .classify(1)
            .await
            .assert_problem(503, "model_unavailable");
        assert_eq!(
            problem.detail,
            "Model tiny cannot answer: Triton does not name its classes."
        );
        conch
            .server
            .get("/health/ready")
            .await
            .assert_problem(503, "not_ready");
        triton.recovers(FakeTriton::CLASSES);
        eventually("the model ready", async || {
            conch.state("tiny").await == ModelState::Ready
        })
        .await;
        conch.classifies_well().await;
    }
}

#[tokio::test]
async fn labels_are_asked_anew_of_a_triton_whose_connection_broke() {
    let triton = FakeTriton::start().await;
    // It may start anew between two looks, so that none finds it away.
    let conch = OverTriton::at(&[triton.url()], &["--triton-health-interval", "60000"]).await;
    conch.classifies_well().await;
    triton.names_classes_as(labels(&["2.0:1:stone", "1.0:2:sea", "0.0:0:shell"]));
    triton.says(INFER, Reply::Reset);
    let answer = conch.classify(1).await;
    answer.assert_problem(502, "connection_broke");
    triton.recovers(INFER);
    eventually("the new labels", async || {
        let model = conch.backend.model("tiny").await.unwrap();
        model.labels.get(1) == Some("stone")
    })
    .await;
}
