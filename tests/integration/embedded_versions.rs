//! Several versions of a model in the embedded engine. The graphs of the versions give the mean
//! times 1 and times 2, so that the answer tells which one ran.

use conch_proxy::backend::embedded::Embedded;
use conch_proxy::backend::{Backend, BackendError, EXTENSIONS, ModelId};
use conch_shared::api::ModelState;

use crate::support::{Tiny, job, plain, values};

fn tiny(policy: &str) -> Tiny {
    let scheduling = format!("max_batch_size: 8 version_policy: {{ {policy} }}");
    Tiny::default()
        .scheduling(&scheduling)
        .version(2, "fp32_nchw_times_2")
}

fn id(version: Option<u64>) -> ModelId {
    ModelId {
        name: "tiny".to_owned(),
        version,
    }
}

/// The version that answers and what it gives for ones.
async fn ask(engine: &Embedded, version: Option<u64>) -> Result<(String, f32), BackendError> {
    let tiny = engine.model("tiny").await?;
    let inference = engine.infer(&tiny, version, job(&plain(1, 1.0))).await?;
    Ok((inference.version, values(&inference.outputs)[0]))
}

async fn served(engine: &Embedded) -> Vec<String> {
    let model = engine.model("tiny").await.unwrap();
    model.info.versions.clone()
}

#[tokio::test]
async fn the_newest_alone_is_served_where_the_config_does_not_say() {
    let engine = Tiny::default().version(2, "fp32_nchw_times_2").engine();
    assert_eq!(served(&engine).await, ["2"]);
    assert_eq!(ask(&engine, None).await.unwrap(), ("2".to_owned(), 2.0));
    let error = ask(&engine, Some(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "model tiny has no version 1; it has 2");
}

#[tokio::test]
async fn each_version_answers_by_its_number() {
    for policy in [
        "all { }",
        "latest { num_versions: 2 }",
        "specific { versions: [ 1, 2 ] }",
    ] {
        let engine = tiny(policy).engine();
        assert_eq!(served(&engine).await, ["1", "2"], "{policy}");
        assert_eq!(ask(&engine, None).await.unwrap(), ("2".to_owned(), 2.0));
        assert_eq!(ask(&engine, Some(1)).await.unwrap(), ("1".to_owned(), 1.0));
        assert_eq!(ask(&engine, Some(2)).await.unwrap(), ("2".to_owned(), 2.0));
        let unknown = ask(&engine, Some(3)).await;
        assert!(matches!(
            unknown,
            Err(BackendError::UnknownVersion { version: 3, .. })
        ));
    }
}

#[tokio::test]
async fn a_specific_version_may_be_an_older_one() {
    let engine = tiny("specific { versions: [ 1 ] }").engine();
    assert_eq!(served(&engine).await, ["1"]);
    assert_eq!(ask(&engine, None).await.unwrap(), ("1".to_owned(), 1.0));
}

#[tokio::test]
async fn a_version_that_cannot_run_is_listed_with_its_reason_and_the_others_answer() {
    let engine = tiny("all { }").version_of(3, b"no graph").engine();
    let model = engine.model("tiny").await.unwrap();
    assert_eq!(model.info.state, ModelState::Ready);
    let states: Vec<(&str, &str)> = model
        .index
        .iter()
        .map(|entry| {
            (
                entry.version.as_deref().unwrap(),
                entry.state.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [("1", "READY"), ("2", "READY"), ("3", "UNAVAILABLE")]
    );
    let reason = model.index[2].reason.as_deref().unwrap();
    assert!(
        reason.starts_with("model.onnx cannot be loaded: "),
        "{reason}"
    );
    assert!(model.is_ready(None) && model.is_ready(Some(1)));
    assert!(!model.is_ready(Some(3)));
    let metadata = model.metadata.as_ref().unwrap();
    assert_eq!(metadata.versions, ["1", "2"], "those that answer");

    assert_eq!(ask(&engine, None).await.unwrap().0, "2");
    let error = ask(&engine, Some(3)).await.unwrap_err();
    assert!(matches!(error, BackendError::Unavailable { .. }), "{error}");
}

#[tokio::test]
async fn a_model_without_a_version_that_runs_does_not_stop_the_others() {
    let repository = Tiny::default().repository();
    let broken = Tiny::default().version_of(1, b"no graph").repository();
    let folder = repository.path().join("tiny_2");
    std::fs::rename(broken.path().join("tiny"), &folder).unwrap();
    let config = folder.join("config.pbtxt");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(config, text.replace("\"tiny\"", "\"tiny_2\"")).unwrap();
    let engine = crate::support::engine_of(repository.path(), &[]).unwrap();
    let model = engine.model("tiny_2").await.unwrap();
    assert!(matches!(model.info.state, ModelState::Unavailable { .. }));
    assert_eq!(ask(&engine, None).await.unwrap().1, 1.0);
    // Statistics are those of versions that run.
    let all = engine.statistics(None).await.unwrap();
    assert_eq!(all.len(), 1);
    let of_broken = engine.statistics(Some(&ModelId::newest("tiny_2"))).await;
    assert!(matches!(of_broken, Err(BackendError::Unavailable { .. })));
}

#[tokio::test]
async fn statistics_are_kept_by_version() {
    let engine = tiny("all { }").engine();
    ask(&engine, Some(1)).await.unwrap();
    ask(&engine, Some(1)).await.unwrap();
    ask(&engine, None).await.unwrap();
    let counts = |model: Option<ModelId>| {
        let engine = &engine;
        async move {
            let all = engine.statistics(model.as_ref()).await?;
            let count = |m: &conch_shared::kserve::statistics::ModelStatistics| {
                assert_eq!(m.name, "tiny");
                (m.version.clone(), m.inference_count)
            };
            Ok::<_, BackendError>(all.iter().map(count).collect::<Vec<_>>())
        }
    };
    let (one, two) = (("1".to_owned(), 2), ("2".to_owned(), 1));
    assert_eq!(counts(None).await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(counts(Some(id(None))).await.unwrap(), [one, two.clone()]);
    assert_eq!(counts(Some(id(Some(2)))).await.unwrap(), [two]);
    let unknown = counts(Some(id(Some(7)))).await;
    assert!(matches!(unknown, Err(BackendError::UnknownVersion { .. })));
    let unknown = counts(Some(ModelId::newest("huge"))).await;
    assert!(matches!(unknown, Err(BackendError::UnknownModel { .. })));
}

#[tokio::test]
async fn the_server_says_who_it_is_and_what_it_speaks() {
    let server = Tiny::default().engine().server().await;
    assert_eq!(server.name, "conch");
    assert!(!server.version.is_empty());
    assert_eq!(server.extensions, EXTENSIONS);
}
