//! Two real Tritons under load, one of which dies again and again: nobody notices.

use std::time::{Duration, Instant};

use conch_proxy::backend::Backend;
use conch_shared::api::Classification;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::support::{OverTriton, Triton, photo, root};

const MODEL: &str = "efficientnet_lite0";

/// Between two requests: 50 a second.
const PERIOD: Duration = Duration::from_millis(20);

/// Sends photos for at least this long, and until one of the replicas has died and come back so
/// often; every answer must be the one that the photo got at first.
async fn nobody_notices(kills: u32, at_least: Duration) {
    let start = || tokio::task::spawn_blocking(|| Triton::start(&root().join("model_repo")));
    let (steady, mortal) = (start(), start());
    let (Some(steady), Some(mut mortal)) = (steady.await.unwrap(), mortal.await.unwrap()) else {
        return;
    };
    // As often as by default.
    let options = ["--triton-health-interval", "500"];
    let conch = OverTriton::at(&[steady.url(), mortal.url()], &options).await;
    conch.until_ready(&[true, true]).await;
    let model = conch.backend.model(MODEL).await.unwrap();
    let recipe = &model.info.spec.as_ref().unwrap().recipe;
    let photo = photo("chelsea.png", recipe);
    let first: Classification = conch.server.classify(MODEL, "input", &photo).await.json();

    let deaths = tokio::task::spawn_blocking(move || {
        for _ in 0..kills {
            mortal.kill();
            mortal.restart();
        }
        mortal
    });
    let (begun, mut ticks) = (Instant::now(), interval(PERIOD));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut requests = JoinSet::new();
    while !deaths.is_finished() || begun.elapsed() < at_least {
        ticks.tick().await;
        let (server, photo) = (conch.server.clone(), photo.clone());
        requests.spawn(async move { server.classify(MODEL, "input", &photo).await });
    }
    let took = begun.elapsed();
    let answers = requests.join_all().await;
    println!("{} requests in {took:?}, {kills} kills", answers.len());
    assert!(
        answers.len() as f64 > 45.0 * took.as_secs_f64(),
        "the load was too low"
    );
    for answer in &answers {
        let answer: Classification = answer.json();
        assert_same(&answer, &first);
    }
    deaths.await.unwrap();
    conch.until_ready(&[true, true]).await;
}

/// The same labels in the same order. A Triton may put requests into one batch, which moves the
/// last digits.
#[track_caller]
fn assert_same(answer: &Classification, first: &Classification) {
    let [answer, first] = [answer, first].map(|classification| &classification.results[0]);
    for (found, expected) in answer.iter().zip(first) {
        assert_eq!(found.label, expected.label);
        assert!(
            (found.logit - expected.logit).abs() < 1e-3,
            "{found:?} {expected:?}"
        );
    }
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
