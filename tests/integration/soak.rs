//! Half an hour of faults: `make soak`.

use std::time::{Duration, Instant};

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval, sleep};

use crate::support::{
    Fault, OverTriton, Relay, Tiny, Triton, Way, assert_right, eventually, numbered, open_files,
    resident,
};

/// How long, in minutes; a shorter one to try it.
const MINUTES: &str = "CONCH_SOAK_MINUTES";

/// A fault each so often, for half of that time.
const PERIOD: Duration = Duration::from_secs(5);

/// The faults in turn, on one of two lines; the last one kills the other's server.
fn faults() -> impl Iterator<Item = Option<(Way, Fault)>> {
    let late = Duration::from_millis(200);
    let kinds = [
        Fault::Latency(late),
        Fault::Bandwidth(50_000),
        Fault::Slices(7),
        Fault::Cut(3000),
        Fault::Reset(500),
        Fault::Stall(1000),
        Fault::SlowClose(2000, late),
    ];
    let both = [Way::Up, Way::Down].into_iter();
    let all = both.flat_map(move |way| kinds.into_iter().map(move |kind| Some((way, kind))));
    all.chain([None])
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes half an hour"]
async fn soak_half_an_hour_of_faults() {
    let minutes = std::env::var(MINUTES).map_or(30.0, |minutes| minutes.parse().unwrap());
    let repository = Tiny::default().repository();
    let Some(tritons) = Triton::several(repository.path(), 2).await else {
        return;
    };
    let [one, mut other] = <[Triton; 2]>::try_from(tritons).ok().unwrap();
    let lines = [Relay::to(&one.url()).await, Relay::to(&other.url()).await];
    let urls = [lines[0].url(), lines[1].url()];
    let conch = OverTriton::at(&urls, &["--triton-timeout", "4"]).await;
    conch.until_ready(&[true, true]).await;

    let ends = Instant::now() + Duration::from_secs_f64(60.0 * minutes);
    let troubling = tokio::spawn(async move {
        let mut count = 0;
        for (at, fault) in (0..).zip(faults().collect::<Vec<_>>().into_iter().cycle()) {
            if Instant::now() > ends {
                break;
            }
            count += 1;
            let line = &lines[at % 2];
            match fault {
                Some(_) => line.set(fault),
                None => {
                    other = spawn_blocking(move || {
                        other.kill();
                        other.restart();
                        other
                    })
                    .await
                    .unwrap();
                }
            }
            sleep(PERIOD / 2).await;
            line.set(None);
            sleep(PERIOD / 2).await;
        }
        (count, lines, one, other)
    });
    let (mut right, mut none) = (0, 0);
    let mut memory = Vec::new();
    let mut ticks = interval(Duration::from_millis(20));
    let mut requests = JoinSet::new();
    let begun = Instant::now();
    let mut files = 0;
    for number in 0.. {
        ticks.tick().await;
        let server = conch.server.clone();
        // Floats tell so many photos apart.
        let number = number % 100_000;
        requests.spawn(async move {
            let answer = server.classify("tiny", "input", &numbered(number)).await;
            (number, answer)
        });
        while let Some(done) = requests.try_join_next() {
            let (number, answer) = done.unwrap();
            match answer.status.as_u16() {
                200 => {
                    assert_right(number, &answer);
                    right += 1;
                }
                502..=504 => none += 1,
                status => panic!("{status}: {}", answer.text()),
            }
        }
        if number % 500 == 0 {
            memory.push((begun.elapsed().as_secs_f64(), resident() as f64));
            files = files.max(open_files());
        }
        if troubling.is_finished() {
            break;
        }
    }
    let hung = Duration::from_secs(20);
    let rest = tokio::time::timeout(hung, async {
        while requests.join_next().await.is_some() {}
    });
    assert!(rest.await.is_ok(), "{} requests hang", requests.len());
    let (faults, _lines, _one, _other) = troubling.await.unwrap();
    conch.until_ready(&[true, true]).await;
    eventually("no request is left", async || {
        conch.server.admission.requests().taken() == 0
    })
    .await;
    let slope = slope(&memory[memory.len() / 3..]) * 600.0 / f64::from(1 << 20);
    println!(
        "{:?}: {faults} faults, {right} answers right, {none} times none; {slope:.2} MiB in ten minutes; \
         at most {files} descriptors, {} at the end",
        begun.elapsed(),
        open_files()
    );
    assert!(right > 20 * none, "{right} right, {none} times none");
    assert!(minutes < 10.0 || slope < 1.0, "{slope} MiB in ten minutes");
}

/// Bytes a second, by the least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (sum_x, sum_y) = points
        .iter()
        .fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let above: f64 = points
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let below: f64 = points
        .iter()
        .map(|(x, _)| (x - mean_x) * (x - mean_x))
        .sum();
    above / below
}
