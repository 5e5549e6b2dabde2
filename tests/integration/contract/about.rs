//! What a server says of itself and its models.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::message::Message;
use super::subject::{MODEL, MODEL_PATH, Subject};

pub(super) async fn health(subject: Arc<Subject>, triton: Arc<Subject>) {
    let models = |rest: &str| format!("/v2/models/{rest}/ready");
    for path in [
        "/v2/health/live".to_owned(),
        "/v2/health/ready".to_owned(),
        models(MODEL),
        models(&format!("{MODEL}/versions/1")),
        models(&format!("{MODEL}/versions/7")),
        models("nope"),
    ] {
        let (ours, theirs) = (subject.get(&path).await, triton.get(&path).await);
        assert_eq!(ours.status, theirs.status, "{path}");
        if theirs.status == 200 {
            assert_eq!(ours.body, theirs.body, "{path}");
        }
    }
}

/// The name and version are each server's own. `conch` has no extension that administers a Triton,
/// and none that Triton has not.
pub(super) async fn server_metadata(subject: Arc<Subject>, triton: Arc<Subject>) {
    let extensions = |metadata: &Value| -> BTreeSet<String> {
        serde_json::from_value(metadata["extensions"].clone()).unwrap()
    };
    let (ours, theirs) = (subject.json("/v2").await, triton.json("/v2").await);
    assert_eq!(keys(&ours), keys(&theirs));
    let (ours, theirs) = (extensions(&ours), extensions(&theirs));
    assert!(ours.is_subset(&theirs), "{ours:?} {theirs:?}");
    for needed in [
        "binary_tensor_data",
        "classification",
        "model_configuration",
        "statistics",
    ] {
        assert!(ours.contains(needed), "{needed}: {ours:?}");
    }
}

pub(super) async fn model_metadata(subject: Arc<Subject>, triton: Arc<Subject>) {
    for path in [MODEL_PATH.to_owned(), format!("{MODEL_PATH}/versions/1")] {
        assert_eq!(subject.json(&path).await, triton.json(&path).await);
    }
}

/// Fields of a config that each engine fills in for itself.
const OWN_FIELDS: [(&str, &str); 2] = [
    (
        "runtime",
        "the program that runs the model: the wheel's is model.py, ours is none",
    ),
    (
        "instance_group",
        "how many instances, where the config does not say",
    ),
];

pub(super) async fn model_config(subject: Arc<Subject>, triton: Arc<Subject>) {
    for path in [
        format!("{MODEL_PATH}/config"),
        format!("{MODEL_PATH}/versions/1/config"),
    ] {
        let (mut ours, mut theirs) = (subject.json(&path).await, triton.json(&path).await);
        for config in [&mut ours, &mut theirs] {
            for (field, _reason) in OWN_FIELDS {
                config.as_object_mut().unwrap().remove(field);
            }
        }
        assert_eq!(ours, theirs);
    }
}

/// The reason why a model is not ready is each server's own sentence.
pub(super) async fn repository_index(subject: Arc<Subject>, triton: Arc<Subject>) {
    async fn index(subject: &Subject, body: &'static str) -> Vec<[Value; 3]> {
        let entries: Vec<Value> = subject.post("/v2/repository/index", body).await.json();
        let entry = |entry: &Value| ["name", "version", "state"].map(|key| entry[key].clone());
        let mut entries: Vec<_> = entries.iter().map(entry).collect();
        entries.sort_by_key(|entry| format!("{entry:?}"));
        entries
    }
    for body in ["", "{}", r#"{"ready":true}"#] {
        let ours = index(&subject, body).await;
        assert_eq!(ours, index(&triton, body).await, "{body}");
        assert!(
            ours.iter()
                .any(|[name, _, state]| name == MODEL && state == "READY")
        );
    }
}

/// What a request that is answered adds one to.
const COUNTS: [&str; 5] = [
    "/inference_count",
    "/execution_count",
    "/inference_stats/success/count",
    "/inference_stats/queue/count",
    "/inference_stats/compute_infer/count",
];

/// The numbers are each server's own; their names and what makes them grow are Triton's.
pub(super) async fn statistics(subject: Arc<Subject>, triton: Arc<Subject>) {
    async fn one(subject: &Subject) -> Value {
        let body = subject.json(&format!("{MODEL_PATH}/stats")).await;
        let [stats] =
            <[Value; 1]>::try_from(body["model_stats"].as_array().unwrap().clone()).unwrap();
        stats
    }
    let message = Message::photo("coffee.png");
    let before = one(&subject).await;
    for _ in 0..3 {
        assert_eq!(subject.infer(&message).await.status, 200);
    }
    let counts = |stats: &Value| {
        let number = |pointer| stats.pointer(pointer).and_then(Value::as_u64).unwrap();
        COUNTS.map(number)
    };
    let expected = counts(&before).map(|count| count + 3);
    // A server counts a request when it has let go of it, which may be after it answered.
    let until = Instant::now() + Duration::from_secs(10);
    let mut after = one(&subject).await;
    while counts(&after) != expected && Instant::now() < until {
        after = one(&subject).await;
    }
    assert_eq!(counts(&after), expected, "{COUNTS:?}");
    let last = |stats: &Value| stats["last_inference"].as_u64().unwrap();
    assert!(last(&after) > last(&before) && last(&after) > 1_700_000_000_000);

    assert_eq!(triton.infer(&message).await.status, 200);
    let theirs = one(&triton).await;
    assert_eq!(keys(&after), keys(&theirs));
    for pointer in [
        "/inference_stats",
        "/batch_stats/0",
        "/batch_stats/0/compute_infer",
    ] {
        let keys = |stats: &Value| keys(stats.pointer(pointer).unwrap());
        assert_eq!(keys(&after), keys(&theirs), "{pointer}");
    }
    let all = subject.json("/v2/models/stats").await;
    let names = all["model_stats"].as_array().unwrap().iter();
    assert!(names.clone().any(|stats| stats["name"] == MODEL));
}

/// The names in an object.
fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}
