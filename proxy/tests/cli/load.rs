//! The program under more than it can do, and clients that are slow, go away, or are there when it ends.
//! Every answer is compared with what the model has for that very photo.
//!
//! Those that are called `soak` do the same for longer: `make soak`.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use crate::support::{Outcome, Photos, Running, client};

/// Whoever does not make trouble comes from an address of its own, as another phone does.
const OTHERS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Bytes that the README states: what may be held of requests, and of each connection.
const BOUND: usize = (256 << 20) + 2048 * (160 << 10);

/// What came of many requests.
#[derive(Debug, Default)]
struct Count {
    right: usize,
    shed: usize,
    refused: usize,
    failed: Vec<u16>,
    /// How long the answered ones took, and the shed ones.
    times: Vec<Duration>,
    shed_times: Vec<Duration>,
}

impl Count {
    fn add(&mut self, outcome: Outcome, time: Duration) {
        match outcome {
            Outcome::Right => {
                self.right += 1;
                self.times.push(time);
            }
            Outcome::Shed => {
                self.shed += 1;
                self.shed_times.push(time);
            }
            Outcome::Refused => self.refused += 1,
            Outcome::Failed(status) => self.failed.push(status),
            Outcome::Wrong => panic!("the answer to another photo"),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.right += other.right;
        self.shed += other.shed;
        self.refused += other.refused;
        self.failed.extend(other.failed);
        self.times.extend(other.times);
        self.shed_times.extend(other.shed_times);
        self
    }
}

/// So much of the times lie below.
fn quantile(times: &mut [Duration], part: f64) -> Duration {
    times.sort();
    let at = (times.len() as f64 * part) as usize;
    times
        .get(at.min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// So many clients, each of which asks as soon as it was answered.
async fn closed_loop(
    photos: &Arc<Photos>,
    clients: usize,
    from: Ipv4Addr,
    time: Duration,
) -> Count {
    let begun = Instant::now();
    let client = client(from);
    let mut all = JoinSet::new();
    for number in 0..clients {
        let (photos, client) = (Arc::clone(photos), client.clone());
        all.spawn(async move {
            let mut count = Count::default();
            for number in number.. {
                let asked = Instant::now();
                count.add(photos.ask(&client, number).await, asked.elapsed());
                if begun.elapsed() > time || count.refused > 0 {
                    break;
                }
            }
            count
        });
    }
    let counts = all.join_all().await;
    counts.into_iter().fold(Count::default(), Count::merge)
}

/// So many requests a second, whether they are answered or not.
async fn open_loop(photos: &Arc<Photos>, per_second: f64, time: Duration) -> Count {
    let client = client(Ipv4Addr::LOCALHOST);
    let mut ticks = interval(Duration::from_secs_f64(1.0 / per_second));
    let (begun, mut all) = (Instant::now(), JoinSet::new());
    let mut count = Count::default();
    while begun.elapsed() < time {
        ticks.tick().await;
        let (photos, client, number) = (Arc::clone(photos), client.clone(), all.len());
        all.spawn(async move {
            let asked = Instant::now();
            (photos.ask(&client, number).await, asked.elapsed())
        });
        while let Some(done) = all.try_join_next() {
            let (outcome, time) = done.unwrap();
            count.add(outcome, time);
        }
    }
    for (outcome, time) in all.join_all().await {
        count.add(outcome, time);
    }
    count
}

/// Ten times what it can do, for so long.
async fn overload(seconds: u64, least: f64) {
    let server = Running::start();
    let photos = Arc::new(Photos::of(&server).await);
    let time = Duration::from_secs(seconds);
    // The engine keeps the memory of its largest batch.
    closed_loop(&photos, 64, Ipv4Addr::LOCALHOST, time / 4).await;
    let calm = closed_loop(&photos, 16, Ipv4Addr::LOCALHOST, time / 4).await;
    let peak = calm.right as f64 / (time / 4).as_secs_f64();
    let before = server.resident();
    let begun = Instant::now();
    let mut flood = open_loop(&photos, 10.0 * peak, time).await;
    let goodput = flood.right as f64 / begun.elapsed().as_secs_f64();
    let most = server.peak_resident();
    println!(
        "peak {peak:.0}/s; at ten times that {goodput:.0}/s right, {} shed (p50 {:?}, p99 {:?}), {} failed; \
         memory {} MiB before, at most {} MiB",
        flood.shed,
        quantile(&mut flood.shed_times, 0.5),
        quantile(&mut flood.shed_times, 0.99),
        flood.failed.len(),
        before >> 20,
        most >> 20
    );
    assert!(
        flood.failed.is_empty(),
        "neither answered nor shed: {:?}",
        flood.failed
    );
    assert!(flood.shed > 0);
    assert!(goodput >= least * peak, "{goodput} of {peak}");
    assert!(most < before + BOUND, "{before} to {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_times_too_much_is_shed_and_the_rest_answered() {
    // The machine is busy with other tests, and with the clients themselves.
    overload(8, 0.2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes more than a minute; the one above does the same for some seconds"]
async fn soak_a_minute_of_ten_times_too_much() {
    overload(60, 0.9).await;
}

/// A client that begins, and then does next to nothing.
#[derive(Clone, Copy, Debug)]
enum Slow {
    Headers,
    Body,
    Reading,
}

/// Holds a connection until the server closes it.
async fn hold(address: String, photos: Arc<Photos>, slow: Slow) {
    let socket = TcpSocket::new_v4().unwrap();
    if matches!(slow, Slow::Reading) {
        socket.set_recv_buffer_size(4096).ok();
    }
    let Ok(stream) = socket.connect(address.parse().unwrap()).await else {
        return;
    };
    let (mut read, mut write) = stream.into_split();
    let writing = async {
        let dribble: Vec<u8> = match slow {
            Slow::Headers => b"GET /api/status HTTP/1.1\r\nhost: localhost\r\nx: ".to_vec(),
            Slow::Body => photos.raw(0)[..400].to_vec(),
            Slow::Reading => b"GET /large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
        };
        let mut going = write.write_all(&dribble).await.is_ok();
        while going {
            sleep(Duration::from_millis(500)).await;
            going = write.write_all(b"x").await.is_ok();
        }
    };
    let reading = async {
        let mut buffer = [0; 64];
        loop {
            // Who does not read does not notice the end, either: only what it writes fails.
            if matches!(slow, Slow::Reading) {
                std::future::pending::<()>().await;
            }
            if read.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                continue;
            }
            return;
        }
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
}

/// So many of each kind; others do not suffer, and everything comes back.
async fn slow_clients(count: usize, slow_seconds: u64, most: impl Fn(Duration) -> Duration) {
    let seconds = slow_seconds.to_string();
    let page = TempDir::new().unwrap();
    // More than lies in the sockets' buffers on the way.
    std::fs::write(page.path().join("large.bin"), vec![0; 16 << 20]).unwrap();
    let server = Running::with(&[
        "--header-timeout",
        &seconds,
        "--body-timeout",
        &seconds,
        "--page-dir",
        &page.path().display().to_string(),
    ]);
    let photos = Arc::new(Photos::of(&server).await);
    let time = Duration::from_secs(4);
    let mut calm = closed_loop(&photos, 2, OTHERS, time).await;
    let calm = quantile(&mut calm.times, 0.99);
    let files = server.open_files();
    for slow in [Slow::Headers, Slow::Body, Slow::Reading] {
        let address = server.url.trim_start_matches("http://").to_owned();
        let mut all = JoinSet::new();
        for _ in 0..count {
            all.spawn(hold(address.clone(), Arc::clone(&photos), slow));
        }
        sleep(Duration::from_secs(1)).await;
        let held = server.open_files() - files.min(server.open_files());
        let begun = Instant::now();
        let mut others = closed_loop(&photos, 2, OTHERS, time).await;
        assert!(others.failed.is_empty(), "{slow:?}: {:?}", others.failed);
        assert_eq!((others.shed, others.refused), (0, 0), "{slow:?}");
        // What is left of their time, that of reading what is left of a body, and of a busy machine.
        let limit = Duration::from_secs(2 * slow_seconds + 30);
        let closed = timeout(limit, async { while all.join_next().await.is_some() {} }).await;
        assert!(
            closed.is_ok(),
            "{slow:?}: {} of {count} are still there",
            all.len()
        );
        let p99 = quantile(&mut others.times, 0.99);
        println!(
            "{count} of {slow:?}: {held} held, the last closed {:?} later; p99 of others {calm:?}, then {p99:?}",
            begun.elapsed()
        );
        assert!(p99 < most(calm), "{slow:?}: {calm:?}, {p99:?}");
        until("descriptors are back", || server.open_files() <= files + 4).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_closed_and_nobody_else_suffers() {
    // The machine is busy with other tests, which take the cores for a moment each.
    slow_clients(150, 3, |_| Duration::from_secs(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes minutes; the one above does the same with fewer"]
async fn soak_a_thousand_slow_clients_of_each_kind() {
    slow_clients(1000, 10, |calm| 2 * calm).await;
}

/// Clients that send, and go away without an answer.
async fn gone(count: usize) {
    let server = Running::start();
    let photos = Arc::new(Photos::of(&server).await);
    closed_loop(&photos, 16, OTHERS, Duration::from_secs(2)).await;
    let (files, memory) = (server.open_files(), server.resident());
    let address = server.url.trim_start_matches("http://").to_owned();
    let begun = Instant::now();
    for first in (0..count).step_by(50) {
        let mut all = JoinSet::new();
        for number in first..(first + 50).min(count) {
            let (address, photos) = (address.clone(), Arc::clone(&photos));
            all.spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let request = photos.raw(number);
                // All of it, half of it, or a line.
                let part = [request.len(), request.len() / 2, 40][number % 3];
                stream.write_all(&request[..part]).await.ok();
                // And some wait for a moment before they go.
                sleep(Duration::from_millis((number % 7) as u64 * 5)).await;
                if number % 2 == 0 {
                    stream.set_zero_linger().ok();
                }
            });
        }
        all.join_all().await;
    }
    until("descriptors are back", || server.open_files() <= files + 4).await;
    // Had they kept their places, nobody else would have one.
    let others = closed_loop(&photos, 16, OTHERS, Duration::from_secs(2)).await;
    assert_eq!(
        (others.failed.len(), others.shed, others.refused),
        (0, 0, 0)
    );
    let grown = server.resident().saturating_sub(memory);
    println!(
        "{count} went away in {:?}; {} KiB more",
        begun.elapsed(),
        grown >> 10
    );
    assert!(grown < 64 << 20, "{grown} bytes more");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_go_away_leave_nothing_behind() {
    gone(600).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes minutes; the one above does the same with fewer"]
async fn soak_ten_thousand_clients_go_away() {
    gone(10_000).await;
}

/// Told to end at full load, so often: each request is answered, or was never taken.
async fn ends(times: usize) {
    let mut all = Count::default();
    for _ in 0..times {
        let server = Running::start();
        let photos = Arc::new(Photos::of(&server).await);
        let asking = tokio::spawn({
            let photos = Arc::clone(&photos);
            async move { closed_loop(&photos, 16, OTHERS, Duration::from_secs(60)).await }
        });
        sleep(Duration::from_millis(500)).await;
        server.signal("TERM");
        let count = asking.await.unwrap();
        assert!(count.failed.is_empty(), "cut: {:?}", count.failed);
        assert_eq!(
            count.refused, 16,
            "each ended because nobody listened any more"
        );
        assert_eq!(
            tokio::task::spawn_blocking(|| server.wait()).await.unwrap(),
            Some(0)
        );
        all = all.merge(count);
    }
    println!(
        "{times} ends at full load: {} answered, {} shed, none cut",
        all.right, all.shed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_at_full_load_cuts_nothing() {
    ends(3).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make soak: takes minutes; the one above does the same three times"]
async fn soak_a_hundred_ends_at_full_load_cut_nothing() {
    ends(100).await;
}

/// Waits until that is so, at most twenty seconds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
