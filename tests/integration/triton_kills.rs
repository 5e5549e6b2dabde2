//! Real Tritons under load, of which one dies, or stops, again and again: nobody notices. Where all are
//! gone, it is said at once.

use std::time::{Duration, Instant};

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval, sleep};

use crate::support::{Answer, OverTriton, Tiny, Triton, assert_right, eventually, numbered};

/// Between two requests: 50 a second.
const PERIOD: Duration = Duration::from_millis(20);

/// Time that a request gets by default.
const DEADLINE: Duration = Duration::from_secs(10);

/// Real Tritons with one model, and `conch` before them. None where this machine has none.
async fn replicas(count: usize) -> Option<(Vec<Triton>, OverTriton, tempfile::TempDir)> {
    let repository = Tiny::default().repository();
    let tritons = Triton::several(repository.path(), count).await?;
    let urls: Vec<String> = tritons.iter().map(Triton::url).collect();
    // As often as by default.
    let conch = OverTriton::at(&urls, &["--triton-health-interval", "500"]).await;
    conch.until_ready(&vec![true; count]).await;
    Some((tritons, conch, repository))
}

/// Sends photos for as long as something goes on; every answer must be the right one for its photo.
/// Gives the times that the answers took, the shortest first.
async fn nobody_notices(conch: &OverTriton, goes_on: impl Fn() -> bool) -> Vec<Duration> {
    let (begun, mut ticks) = (Instant::now(), interval(PERIOD));
    let mut requests = JoinSet::new();
    while goes_on() {
        ticks.tick().await;
        let (server, number) = (conch.server.clone(), requests.len());
        requests.spawn(async move {
            let begun = Instant::now();
            let answer = server.classify("tiny", "input", &numbered(number)).await;
            (number, answer, begun.elapsed())
        });
    }
    let (took, sent) = (begun.elapsed(), requests.len());
    let mut times = Vec::new();
    for (number, answer, time) in requests.join_all().await {
        assert_right(number, &answer);
        times.push(time);
    }
    assert!(
        sent as f64 > 45.0 * took.as_secs_f64(),
        "{sent} requests in {took:?}"
    );
    times.sort();
    println!(
        "{sent} requests in {took:?}, every answer right; p99 {:?}, the slowest {:?}",
        times[sent * 99 / 100],
        times[sent - 1]
    );
    times
}

/// One of `count` dies so often.
async fn deaths(count: usize, deaths: usize, at_least: Duration) {
    let Some((mut tritons, conch, _repository)) = replicas(count).await else {
        return;
    };
    let mut mortal = tritons.pop().unwrap();
    let dying = spawn_blocking(move || {
        for _ in 0..deaths {
            mortal.kill();
            mortal.restart();
        }
        mortal
    });
    let begun = Instant::now();
    nobody_notices(&conch, || {
        !dying.is_finished() || begun.elapsed() < at_least
    })
    .await;
    conch.until_ready(&vec![true; count]).await;
    dying.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deaths_of_a_replica_are_not_noticed() {
    deaths(2, 2, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes minutes; the one above does the same with two deaths"]
async fn soak_fifty_deaths_of_one_of_three_are_not_noticed() {
    deaths(3, 50, Duration::from_secs(60)).await;
}

/// Of two, one stops for two seconds so often: its connections stay, and nothing comes out of them.
async fn stops(times: usize) {
    let Some((tritons, conch, _repository)) = replicas(2).await else {
        return;
    };
    let [steady, lame] = <[Triton; 2]>::try_from(tritons).ok().unwrap();
    let stopping = tokio::spawn(async move {
        for _ in 0..times {
            lame.signal("STOP");
            sleep(Duration::from_secs(2)).await;
            lame.signal("CONT");
            sleep(Duration::from_secs(1)).await;
        }
        lame
    });
    let answered = nobody_notices(&conch, || !stopping.is_finished()).await;
    let p99 = answered[answered.len() * 99 / 100];
    assert!(p99 < DEADLINE, "{p99:?}");
    stopping.await.unwrap();
    drop(steady);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_stops_is_not_missed() {
    stops(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes a minute; the one above does the same with two stops"]
async fn soak_a_replica_that_stops_twenty_times_is_not_missed() {
    stops(20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_replica_it_is_said_at_once_and_found_again_soon() {
    let Some((mut tritons, conch, _repository)) = replicas(1).await else {
        return;
    };
    let ask = async || conch.server.classify("tiny", "input", &numbered(1)).await;
    assert_right(1, &ask().await);
    let mut triton = tritons.pop().unwrap();
    let mut triton = spawn_blocking(move || {
        triton.kill();
        triton
    })
    .await
    .unwrap();
    conch.until_ready(&[false]).await;
    let mut times = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        assert_gone(&ask().await);
        times.push(begun.elapsed());
    }
    times.sort();
    println!("503 after {:?}, at most {:?}", times[10], times[19]);
    assert!(times[10] < Duration::from_millis(50), "{times:?}");
    assert_eq!(conch.server.get("/health/live").await.status, 200);
    let triton = spawn_blocking(move || {
        triton.restart();
        (triton, Instant::now())
    });
    let (_triton, back) = triton.await.unwrap();
    eventually("an answer", async || ask().await.status == 200).await;
    println!("answers {:?} after the replica does", back.elapsed());
    // The machine may be busy with other tests: it is two looks and an answer.
    assert!(
        back.elapsed() < Duration::from_secs(4),
        "{:?}",
        back.elapsed()
    );
}

#[track_caller]
fn assert_gone(answer: &Answer) {
    answer.assert_problem(503, "model_unavailable");
}
