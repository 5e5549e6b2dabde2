//! A model repository that changes on disk under `--watch`. The versions' graphs give the mean times
//! 1 and times 2, so that each answer tells which graph it came from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use conch_proxy::backend::embedded::Embedded;
use conch_proxy::backend::{Backend, BackendError};
use conch_shared::api::ModelState;
use tempfile::TempDir;

use crate::support::{Tiny, engine_of, job, plain, root, values};

/// Longer than a change takes to be seen twice, with room for a busy machine.
const TIME: Duration = Duration::from_secs(60);
/// So long nothing happens: three looks.
const LOOKS: Duration = Duration::from_secs(7);

fn watch(repository: &TempDir) -> Arc<Embedded> {
    let options = ["--threads", "1", "--watch"];
    Arc::new(engine_of(repository.path(), &options).unwrap())
}

fn graph(name: &str) -> Vec<u8> {
    fs::read(root().join(format!("tests/integration/models/{name}.onnx"))).unwrap()
}

fn weights(repository: &TempDir, version: u64) -> PathBuf {
    let folder = repository.path().join(format!("tiny/{version}"));
    fs::create_dir_all(&folder).unwrap();
    folder.join("model.onnx")
}

/// The version that answers, and what it makes of a photo of this value.
async fn ask(engine: &Embedded, value: f32) -> Result<(String, f32), BackendError> {
    let tiny = engine.model("tiny").await?;
    let inference = engine.infer(&tiny, None, job(&plain(1, value))).await?;
    Ok((inference.version, values(&inference.outputs)[0]))
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < TIME, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn until_version(engine: &Embedded, version: &str) {
    until(version, async || {
        ask(engine, 1.0).await.unwrap().0 == version
    })
    .await;
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from));
    fs::write(file, text.replace(from, to)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_come_and_go_under_load_and_every_answer_is_of_its_own_version() {
    let repository = Tiny::default().repository();
    let engine = watch(&repository);
    let over = Arc::new(AtomicBool::new(false));
    let load = (0..4_u16).map(|client| {
        let (engine, over) = (Arc::clone(&engine), Arc::clone(&over));
        tokio::spawn(async move {
            let mut seen = std::collections::BTreeMap::<String, usize>::new();
            for number in (0..100).cycle() {
                let value = f32::from(client * 100 + number);
                let (version, answer) = ask(&engine, value).await.unwrap();
                let factor: f32 = version.parse().unwrap();
                assert!(
                    (answer - factor * value).abs() < 0.01,
                    "{version}: {answer}, {value}"
                );
                *seen.entry(version).or_default() += 1;
                if over.load(Ordering::Relaxed) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            seen
        })
    });
    let load: Vec<_> = load.collect();
    fs::write(weights(&repository, 2), graph("fp32_nchw_times_2")).unwrap();
    until_version(&engine, "2").await;
    fs::remove_dir_all(repository.path().join("tiny/2")).unwrap();
    until_version(&engine, "1").await;
    over.store(true, Ordering::Relaxed);
    for client in load {
        let seen = client.await.unwrap();
        assert!(seen["1"] > 0 && seen["2"] > 0, "{seen:?}");
    }
}

#[tokio::test]
async fn a_new_version_that_does_not_answer_leaves_the_old_one_until_it_does() {
    let repository = Tiny::default().repository();
    let engine = watch(&repository);
    fs::write(weights(&repository, 2), b"no graph").unwrap();
    // A config that cannot be read changes nothing either.
    let config = repository.path().join("tiny/config.pbtxt");
    tokio::time::sleep(LOOKS).await;
    assert_eq!(ask(&engine, 3.0).await.unwrap(), ("1".to_owned(), 3.0));
    edit(&config, "max_batch_size: 8", "max_batch_size: eight");
    tokio::time::sleep(LOOKS).await;
    assert_eq!(ask(&engine, 3.0).await.unwrap(), ("1".to_owned(), 3.0));
    assert_eq!(
        engine.model("tiny").await.unwrap().info.state,
        ModelState::Ready
    );
    edit(&config, "max_batch_size: eight", "max_batch_size: 8");
    fs::write(weights(&repository, 2), graph("fp32_nchw_times_2")).unwrap();
    until_version(&engine, "2").await;
    assert_eq!(ask(&engine, 3.0).await.unwrap().1, 6.0);
}

#[tokio::test]
async fn a_file_is_not_taken_while_it_is_being_copied() {
    let repository = Tiny::default().repository();
    let engine = watch(&repository);
    // Every state of the file but the last is whole, so that only waiting keeps it out: a graph may
    // be followed by bytes of a field that nobody knows.
    let graph = graph("fp32_nchw_times_2");
    let mut file = fs::File::create(weights(&repository, 2)).unwrap();
    file.write_all(&graph).unwrap();
    let begun = Instant::now();
    while begun.elapsed() < LOOKS {
        // Field 1000, a number: two bytes of key, one of value.
        file.write_all(&[0xc0, 0x3e, 1]).unwrap();
        assert_eq!(ask(&engine, 1.0).await.unwrap().0, "1");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(file);
    until_version(&engine, "2").await;
}

#[tokio::test]
async fn labels_change_and_a_request_that_has_begun_ends_with_its_own() {
    let repository = Tiny::default().repository();
    let engine = watch(&repository);
    let before = engine.model("tiny").await.unwrap();
    ask(&engine, 1.0).await.unwrap();
    edit(&repository.path().join("tiny/labels.txt"), "red", "crimson");
    until("the new label", async || {
        engine.model("tiny").await.unwrap().labels != before.labels
    })
    .await;
    // By what it was told of the model before the change.
    let inference = engine.infer(&before, None, job(&plain(1, 2.0))).await;
    assert_eq!(values(&inference.unwrap().outputs), [2.0; 3]);
    let counted = engine.statistics(None).await.unwrap().remove(0);
    assert_eq!(counted.inference_count, 2, "the graph was not loaded again");
}

#[tokio::test]
async fn models_come_and_go_and_a_repository_that_is_away_takes_none_with_it() {
    let repository = Tiny::default().repository();
    let engine = watch(&repository);
    let other = Tiny::default().repository();
    let folder = other.path().join("tiny");
    edit(&folder.join("config.pbtxt"), "\"tiny\"", "\"tiny_2\"");
    let place = repository.path().join("tiny_2");
    fs::rename(folder, &place).unwrap();
    until("the new model", async || {
        engine.model("tiny_2").await.is_ok()
    })
    .await;
    let begun = engine.model("tiny_2").await.unwrap();
    fs::remove_dir_all(&place).unwrap();
    until("it has gone", async || {
        engine.model("tiny_2").await.is_err()
    })
    .await;
    let inference = engine.infer(&begun, None, job(&plain(1, 2.0))).await;
    assert_eq!(values(&inference.unwrap().outputs), [2.0; 3]);
    drop(begun);
    fs::rename(repository.path().join("tiny"), other.path().join("tiny")).unwrap();
    tokio::time::sleep(LOOKS).await;
    assert_eq!(ask(&engine, 3.0).await.unwrap(), ("1".to_owned(), 3.0));
}
