//! Two real Tritons under load, one of which dies again and again: nobody notices.

use std::time::{Duration, Instant};

use conch_shared::api::Classification;
use conch_shared::tensor::{Shape, Tensor};
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::support::{Answer, OverTriton, Tiny, Triton};

/// Between two requests: 50 a second.
const PERIOD: Duration = Duration::from_millis(20);

/// Sends photos for at least this long, and until one of the replicas has died and come back so
/// often; every answer must be the right one for its photo.
async fn nobody_notices(kills: u32, at_least: Duration) {
    let repository = Tiny::default().repository();
    let start = || {
        let root = repository.path().to_owned();
        tokio::task::spawn_blocking(move || Triton::start(&root))
    };
    let (steady, mortal) = (start(), start());
    let (Some(steady), Some(mut mortal)) = (steady.await.unwrap(), mortal.await.unwrap()) else {
        return;
    };
    // As often as by default.
    let options = ["--triton-health-interval", "500"];
    let conch = OverTriton::at(&[steady.url(), mortal.url()], &options).await;
    conch.until_ready(&[true, true]).await;

    let deaths = tokio::task::spawn_blocking(move || {
        for _ in 0..kills {
            mortal.kill();
            mortal.restart();
        }
        mortal
    });
    let (begun, mut ticks) = (Instant::now(), interval(PERIOD));
    let mut requests = JoinSet::new();
    while !deaths.is_finished() || begun.elapsed() < at_least {
        ticks.tick().await;
        let (server, number) = (conch.server.clone(), requests.len());
        requests.spawn(async move {
            let answer = server.classify("tiny", "input", &photo(number)).await;
            (number, answer)
        });
    }
    let (took, sent) = (begun.elapsed(), requests.len());
    for (number, answer) in requests.join_all().await {
        assert_right(number, &answer);
    }
    println!("{sent} requests in {took:?}, {kills} kills, every answer right");
    assert!(
        sent as f64 > 45.0 * took.as_secs_f64(),
        "{sent} requests in {took:?}"
    );
    conch.until_ready(&[true, true]).await;
    deaths.await.unwrap();
}

/// What stands in the three planes of a photo, which no other photo has; the model finds it.
fn planes(number: usize) -> [f32; 3] {
    let number = number as f32;
    [number, -number, number + 0.5]
}

fn photo(number: usize) -> Tensor {
    let values: Vec<f32> = planes(number)
        .iter()
        .flat_map(|value| [*value; 64])
        .collect();
    Tensor::from_f32(Shape::new([1, 3, 8, 8]), &values).unwrap()
}

#[track_caller]
fn assert_right(number: usize, answer: &Answer) {
    let answer: Classification = answer.json();
    for found in &answer.results[0] {
        let expected = planes(number)[found.index];
        assert!((found.logit - expected).abs() < 1e-4, "{number}: {found:?}");
    }
    assert_eq!(answer.results[0].len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deaths_of_a_replica_are_not_noticed() {
    nobody_notices(2, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes more than a minute; the one above does the same with two deaths"]
async fn ten_deaths_of_a_replica_in_a_minute_are_not_noticed() {
    nobody_notices(10, Duration::from_secs(60)).await;
}
