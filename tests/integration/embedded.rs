//! The embedded engine on the real model and the sample photos.

use std::sync::Arc;

use conch_proxy::backend::Backend;
use conch_shared::api::Classification;
use conch_shared::label::Prediction;
use conch_shared::model::ModelSpec;
use conch_shared::preprocess::normalize;
use conch_shared::tensor::Tensor;

use crate::support::{TestServer, embedded, job, photo};

const MODEL: &str = "efficientnet_lite0";
const PHOTOS: [&str; 3] = ["chelsea.png", "coffee.png", "rocket.jpg"];

async fn spec() -> ModelSpec {
    let model = embedded().model(MODEL).await.unwrap();
    model.info.spec.clone().unwrap()
}

async fn ask(tensor: &Tensor) -> Vec<Vec<Prediction>> {
    let conch = TestServer::over(embedded(), &[]);
    let answer = conch.classify(MODEL, "input", tensor).await;
    let timing = answer.header("server-timing");
    assert!(
        timing.starts_with("queue;dur=") && timing.contains("infer;dur="),
        "{timing}"
    );
    answer.json::<Classification>().results
}

#[tokio::test]
async fn the_status_names_the_engine_and_its_version() {
    let status = embedded().status().await;
    let version = status
        .engine
        .strip_prefix("ONNX Runtime 1.")
        .unwrap_or_default();
    assert!(!version.is_empty(), "{}", status.engine);
    assert!(status.replicas[0].ready);
}

#[tokio::test]
async fn the_sample_photos_are_what_they_show() {
    let recipe = spec().await.recipe;
    let first = async |name| ask(&photo(name, &recipe)).await.remove(0);
    let cat = first("chelsea.png").await;
    assert_eq!(
        [&cat[0].label, &cat[1].label],
        ["tiger cat", "Egyptian cat"]
    );
    let espresso = first("coffee.png").await;
    assert_eq!(espresso[0].label, "espresso");
    assert!(espresso[0].score >= 0.90, "{}", espresso[0].score);
    assert_eq!(first("rocket.jpg").await[0].label, "missile");
}

#[tokio::test]
async fn a_batch_gives_what_its_photos_give_one_by_one() {
    let recipe = spec().await.recipe;
    let singles: Vec<Tensor> = PHOTOS.iter().map(|name| photo(name, &recipe)).collect();
    let pixels: Vec<u8> = singles
        .iter()
        .flat_map(|tensor| tensor.data().to_vec())
        .collect();
    let datatype = singles[0].datatype();
    let batch = Tensor::new(datatype, recipe.batch_shape(3), pixels).unwrap();
    let together = ask(&batch).await;
    for (single, batched) in singles.iter().zip(&together) {
        let alone = ask(single).await.remove(0);
        for (one, other) in alone.iter().zip(batched) {
            assert_eq!(one.label, other.label);
            assert!((one.logit - other.logit).abs() < 1e-4, "{one:?} {other:?}");
            assert!((one.score - other.score).abs() < 1e-4, "{one:?} {other:?}");
        }
    }
}

#[tokio::test]
async fn pixels_and_the_floats_that_the_page_would_make_give_the_same_bits() {
    let recipe = spec().await.recipe;
    for name in PHOTOS {
        let pixels = photo(name, &recipe);
        let floats = normalize(&pixels, &recipe).unwrap();
        assert_eq!(ask(&pixels).await, ask(&floats).await);
    }
}

#[tokio::test]
async fn many_at_once_all_get_their_own_answer() {
    let recipe = spec().await.recipe;
    let mut asked = Vec::new();
    for name in PHOTOS.into_iter().cycle().take(12) {
        let tensor = photo(name, &recipe);
        asked.push((
            name,
            tokio::spawn(async move { ask(&tensor).await.remove(0) }),
        ));
    }
    for (name, answer) in asked {
        let label = answer.await.unwrap().remove(0).label;
        let expected = match name {
            "chelsea.png" => "tiger cat",
            "coffee.png" => "espresso",
            _ => "missile",
        };
        assert_eq!(label, expected);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_hold_up_the_next() {
    let recipe = spec().await.recipe;
    let tensor = normalize(&photo("coffee.png", &recipe), &recipe).unwrap();
    let engine: Arc<dyn Backend> = embedded();
    let model = engine.model(MODEL).await.unwrap();
    for _ in 0..8 {
        let gone = engine.infer(&model, None, job(&tensor));
        // Polled once: the job is queued, then nobody waits for it.
        let moment = std::time::Duration::ZERO;
        tokio::time::timeout(moment, gone).await.ok();
    }
    assert_eq!(
        ask(&photo("coffee.png", &recipe)).await[0][0].label,
        "espresso"
    );
}
