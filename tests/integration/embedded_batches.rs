//! The embedded engine's batcher and what it counts. Each rule by itself is tested beside the code;
//! here a config brings it about.

use std::sync::Arc;
use std::time::Duration;

use conch_proxy::backend::embedded::Embedded;
use conch_proxy::backend::{Backend, BackendError, Inference, Job};
use conch_shared::kserve::statistics::ModelStatistics;
use conch_shared::preprocess::normalize;
use conch_shared::tensor::Tensor;
use tokio::task::JoinSet;

use crate::support::{Tiny, engine_of, job, photo, plain, repository_with, values};

const MODEL: &str = "efficientnet_lite0";
const PHOTOS: [&str; 3] = ["chelsea.png", "coffee.png", "rocket.jpg"];
/// A delay that no test lives to see the end of: an hour, in microseconds.
const HOUR: &str = "max_queue_delay_microseconds: 3600000000";

async fn infer(engine: &Embedded, model: &str, input: &Tensor) -> Result<Inference, BackendError> {
    let model = engine.model(model).await?;
    engine.infer(&model, None, job(input)).await
}

async fn counted(engine: &Embedded) -> ModelStatistics {
    engine.statistics(None).await.unwrap().remove(0)
}

/// The sample photos as the model takes them.
async fn photos(engine: &Embedded) -> Vec<Tensor> {
    let model = engine.model(MODEL).await.unwrap();
    let recipe = &model.info.spec.as_ref().unwrap().recipe;
    let normal = |name| normalize(&photo(name, recipe), recipe).unwrap();
    PHOTOS.into_iter().map(normal).collect()
}

/// Asks for all of them at once; the answers are in their order.
async fn burst(engine: &Arc<Embedded>, inputs: &[Tensor]) -> Vec<Vec<f32>> {
    let mut asked = JoinSet::new();
    for (number, input) in inputs.iter().cloned().enumerate() {
        let engine = Arc::clone(engine);
        let name = engine.models().await[0].info.name.clone();
        asked.spawn(async move {
            let inference = infer(&engine, &name, &input).await.unwrap();
            (number, values(&inference.outputs))
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[tokio::test]
async fn a_burst_of_single_photos_shares_few_runs_and_nobody_gets_anothers_answer() {
    let repository = repository_with(&[]);
    let engine = Arc::new(engine_of(repository.path(), &[]).unwrap());
    let photos = photos(&engine).await;
    let mut alone = Vec::new();
    for photo in &photos {
        alone.push(values(&infer(&engine, MODEL, photo).await.unwrap().outputs));
    }
    let before = counted(&engine).await;
    assert_eq!((before.inference_count, before.execution_count), (3, 3));

    let inputs: Vec<Tensor> = photos.iter().cycle().take(64).cloned().collect();
    let answers = burst(&engine, &inputs).await;
    // The same bits on x86-64; another processor's kernels may add up a batch in another order.
    for (answer, single) in answers.iter().zip(alone.iter().cycle()) {
        let difference = |(one, other): (&f32, &f32)| (one - other).abs();
        let worst = answer
            .iter()
            .zip(single)
            .map(difference)
            .fold(0.0, f32::max);
        assert!(worst < 1e-4, "a logit differs by {worst}");
    }

    let after = counted(&engine).await;
    assert_eq!(after.inference_count, 3 + 64);
    let runs = after.execution_count - 3;
    assert!(runs <= 20, "{runs} runs for 64 photos");
    let requests = &after.inference_stats;
    assert_eq!((requests.success.count, requests.fail.count), (3 + 64, 0));
    assert_eq!(requests.queue.count, 3 + 64);
    assert_eq!(requests.compute_infer.count, 3 + 64);
    let of_batches = after.batch_stats.iter();
    let items = of_batches
        .clone()
        .map(|b| b.batch_size * b.compute_infer.count);
    assert_eq!(items.sum::<u64>(), after.inference_count);
    let of_batches = of_batches.map(|batch| batch.compute_infer.count);
    assert_eq!(of_batches.sum::<u64>(), after.execution_count);
    assert!(after.last_inference >= before.last_inference);
}

#[tokio::test]
async fn without_dynamic_batching_each_request_is_a_run() {
    let engine = Arc::new(Tiny::default().engine());
    burst(&engine, &[plain(1, 1.0), plain(2, 2.0), plain(1, 3.0)]).await;
    let counted = counted(&engine).await;
    assert_eq!((counted.inference_count, counted.execution_count), (4, 3));
}

#[tokio::test]
async fn a_preferred_size_runs_as_soon_as_it_is_there() {
    let rules = format!("preferred_batch_size: [ 4 ] {HOUR}");
    let engine = Arc::new(Tiny::default().batching(&rules).engine());
    let inputs = [plain(1, 1.0), plain(2, 2.0), plain(1, 3.0)];
    let answers = burst(&engine, &inputs).await;
    assert_eq!(answers, [vec![1.0; 3], vec![2.0; 6], vec![3.0; 3]]);
    let counted = counted(&engine).await;
    assert_eq!((counted.inference_count, counted.execution_count), (4, 1));
    assert_eq!(counted.batch_stats[0].batch_size, 4);
}

#[tokio::test]
async fn a_full_batch_runs_where_no_size_is_preferred() {
    let engine = Arc::new(Tiny::default().batching(HOUR).engine());
    burst(&engine, &[plain(7, 1.0), plain(1, 2.0)]).await;
    assert_eq!(counted(&engine).await.execution_count, 1);
}

#[tokio::test]
async fn the_delay_ends_the_wait() {
    let rules = "preferred_batch_size: [ 8 ] max_queue_delay_microseconds: 2000";
    let engine = Tiny::default().batching(rules).engine();
    let answer = infer(&engine, "tiny", &plain(1, 1.0)).await.unwrap();
    assert!(answer.timings.queue.unwrap() >= Duration::from_millis(2));
}

#[tokio::test]
async fn the_configs_own_queue_size_turns_requests_away() {
    let rules = format!("{HOUR} default_queue_policy {{ max_queue_size: 1 }}");
    let engine = Tiny::default().batching(&rules).engine();
    let input = plain(1, 1.0);
    let first = infer(&engine, "tiny", &input);
    // Polled once: it is in the queue, and waits for others.
    let mut first = std::pin::pin!(first);
    assert!(
        tokio::time::timeout(Duration::ZERO, &mut first)
            .await
            .is_err()
    );
    let second = infer(&engine, "tiny", &input).await;
    assert!(
        matches!(second, Err(BackendError::Overloaded { waiting: 1, .. })),
        "{second:?}"
    );
    assert_eq!(counted(&engine).await.inference_stats.fail.count, 1);
}

#[tokio::test]
async fn a_request_that_waited_for_too_long_is_turned_away() {
    let policy = "default_queue_policy { default_timeout_microseconds: 1000 }";
    let engine = Tiny::default()
        .batching(&format!("{HOUR} {policy}"))
        .engine();
    let expired = infer(&engine, "tiny", &plain(1, 1.0)).await;
    assert!(
        matches!(expired, Err(BackendError::Expired { .. })),
        "{expired:?}"
    );
    let counted = counted(&engine).await;
    assert_eq!((counted.inference_count, counted.execution_count), (0, 0));
    assert_eq!(counted.inference_stats.fail.count, 1);
}

#[tokio::test]
async fn a_request_brings_its_own_timeout_where_the_config_lets_it() {
    let policy = "default_queue_policy { default_timeout_microseconds: 3600000000 allow_timeout_override: true }";
    let engine = Tiny::default()
        .batching(&format!("{HOUR} {policy}"))
        .engine();
    let impatient = Job {
        timeout: Some(1000),
        ..job(&plain(1, 1.0))
    };
    let tiny = engine.model("tiny").await.unwrap();
    let expired = engine.infer(&tiny, None, impatient).await;
    assert!(
        matches!(expired, Err(BackendError::Expired { .. })),
        "{expired:?}"
    );
}

#[tokio::test]
async fn two_instances_answer_alike() {
    let two = "max_batch_size: 8 instance_group [ { count: 2 kind: KIND_CPU } ]";
    let engine = Arc::new(Tiny::default().scheduling(two).engine());
    let inputs: Vec<Tensor> = (1..=16).map(|value| plain(1, value as f32)).collect();
    let answers = burst(&engine, &inputs).await;
    for (value, answer) in (1..).zip(answers) {
        assert_eq!(answer, [value as f32; 3]);
    }
    assert_eq!(counted(&engine).await.execution_count, 16);
}
