//! The embedded engine under other configs and options than the repository's own.

use conch_proxy::backend::{Backend, BackendError};
use conch_shared::api::Classification;
use conch_shared::preprocess::normalize;

use crate::support::{TestServer, engine_of, job, photo, repository_with};

const MODEL: &str = "efficientnet_lite0";

#[tokio::test]
async fn the_laboratorys_whole_shapes_give_the_same_labels() {
    let repository = repository_with(&[
        ("max_batch_size: 32", "max_batch_size: 0"),
        ("dims: [ 3, 224, 224 ]", "dims: [ 1, 3, 224, 224 ]"),
        ("dims: [ 1000 ]", "dims: [ -1, 1000 ]"),
    ]);
    let conch = TestServer::with(engine_of(repository.path(), &[]).unwrap(), &[]);
    let info: conch_shared::api::ModelInfo =
        conch.get(&format!("/api/models/{MODEL}")).await.json();
    let spec = info.spec.unwrap();
    assert_eq!((spec.max_photos(), spec.classes), (1, 1000));
    let coffee = photo("coffee.png", &spec.recipe);
    let answer: Classification = conch.classify(MODEL, "input", &coffee).await.json();
    assert_eq!(answer.results[0][0].label, "espresso");
}

#[tokio::test]
async fn a_config_that_is_not_the_files_is_told_with_both() {
    let message = |changes: &[(&str, &str)]| {
        let repository = repository_with(changes);
        engine_of(repository.path(), &[]).err().unwrap().to_string()
    };
    let sides = [
        ("224, 224", "192, 192"),
        ("string_value: \"224\"", "string_value: \"192\""),
    ];
    let dims = message(&sides);
    assert!(
        dims.contains(
            "the config's dims make [-1, 3, 192, 192], the ONNX file has [-1, 3, 224, 224]"
        ),
        "{dims}"
    );
    let name = message(&[("name: \"input\"", "name: \"data\"")]);
    assert!(
        name.contains("the config's input is \"data\", the ONNX file's is \"input\""),
        "{name}"
    );
    let datatype = message(&[("TYPE_FP32\n    format", "TYPE_UINT8\n    format")]);
    assert!(
        datatype.contains("the config says UINT8, the ONNX file says f32"),
        "{datatype}"
    );
}

#[tokio::test]
async fn a_file_that_is_damaged_is_told_without_its_whole_path() {
    let repository = repository_with(&[]);
    let file = repository
        .path()
        .join(MODEL)
        .join("1/efficientnet_lite0.onnx");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let message = engine_of(repository.path(), &[]).err().unwrap().to_string();
    assert!(
        message.contains("efficientnet_lite0.onnx cannot be loaded: "),
        "{message}"
    );
    assert!(!message.contains(file.to_str().unwrap()), "{message}");
}

#[tokio::test]
async fn a_full_queue_turns_requests_away_and_answers_the_rest() {
    let repository = repository_with(&[]);
    let engine = std::sync::Arc::new(engine_of(repository.path(), &["--queue", "1"]).unwrap());
    let model = engine.model(MODEL).await.unwrap();
    let recipe = &model.info.spec.as_ref().unwrap().recipe;
    let input = normalize(&photo("coffee.png", recipe), recipe).unwrap();
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (engine, model) = (engine.clone(), model.clone());
        let job = job(&input);
        asked.spawn(async move { engine.infer(&model, None, job).await });
    }
    let outcomes = asked.join_all().await;
    let answered = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = |outcome: &&Result<_, _>| matches!(outcome, Err(BackendError::Overloaded { .. }));
    assert!(answered >= 1);
    assert_eq!(outcomes.iter().filter(refused).count(), 20 - answered);
    assert!(answered < 20, "a queue of one took twenty at once");
}
