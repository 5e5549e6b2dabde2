//! Several Tritons: who is asked, who is left out, and who is asked again.

use std::time::{Duration, Instant};

use conch_shared::api::ModelState;
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::tensor::DataType;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::fake_triton::{FakeTriton, INFER, Reply, config, logits};
use crate::support::{OverTriton, eventually, zeros};

const CONFIG: &str = "/v2/models/tiny/versions/1/config";

async fn fakes<const N: usize>() -> [FakeTriton; N] {
    let mut fakes = Vec::new();
    for _ in 0..N {
        fakes.push(FakeTriton::start().await);
    }
    fakes.try_into().unwrap_or_else(|_| unreachable!())
}

async fn before(fakes: &[FakeTriton], options: &[&str]) -> OverTriton {
    let urls: Vec<String> = fakes.iter().map(FakeTriton::url).collect();
    OverTriton::at(&urls, options).await
}

fn inferred(fakes: &[FakeTriton]) -> Vec<usize> {
    fakes.iter().map(|fake| fake.traffic().inferred).collect()
}

#[tokio::test]
async fn a_request_that_fails_on_one_replica_is_answered_by_another() {
    for wrong in [
        Reply::Close,
        Reply::Reset,
        Reply::html(200),
        Reply::error(500, "no"),
        Reply::error(503, "Exceeds maximum queue size"),
        Reply::error(404, "unknown model"),
        Reply::Endless { told: None },
    ] {
        let fakes = fakes::<2>().await;
        fakes[0].says(INFER, wrong);
        let conch = before(&fakes, &[]).await;
        for _ in 0..8 {
            conch.classifies_well().await;
        }
        assert!(fakes[1].traffic().inferred >= 8);
    }
}

#[tokio::test]
async fn a_replica_that_dies_is_left_out_and_taken_back() {
    let mut fakes = fakes::<2>().await;
    let conch = before(&fakes, &[]).await;
    for _ in 0..3 {
        fakes[0].dies().await;
        for _ in 0..10 {
            conch.classifies_well().await;
        }
        conch.until_ready(&[false, true]).await;
        fakes[0].restart().await;
        conch.until_ready(&[true, true]).await;
        let asked = fakes[0].traffic().inferred;
        eventually("the replica is asked again", async || {
            conch.classifies_well().await;
            fakes[0].traffic().inferred > asked
        })
        .await;
    }
}

#[tokio::test]
async fn a_replica_that_fails_while_its_watch_finds_it_well_is_asked_less_and_less() {
    let fakes = fakes::<2>().await;
    fakes[0].says(INFER, Reply::html(200));
    let conch = before(&fakes, &["--triton-health-interval", "60000"]).await;
    for _ in 0..50 {
        conch.classifies_well().await;
    }
    // The first fault is forgiven at the next look, which comes at once; the second is not.
    assert_eq!(fakes[0].traffic().inferred, 2);
    assert_eq!(conch.ready().await, [false, true]);
}

#[tokio::test]
async fn a_sole_replica_is_asked_again_after_nonsense() {
    let [triton] = fakes::<1>().await;
    let conch = OverTriton::at(&[triton.url()], &["--triton-health-interval", "60000"]).await;
    for _ in 0..5 {
        triton.says(INFER, Reply::html(200));
        conch.classify(1).await.assert_problem(502, "bad_answer");
        triton.recovers(INFER);
        conch.classifies_well().await;
    }
}

#[tokio::test]
async fn numbers_that_are_none_are_tried_elsewhere_and_cast_no_doubt() {
    let fakes = fakes::<2>().await;
    let nan = [0.0, f32::NAN, 1.0, 0.0, 2.0, 1.0];
    fakes[0].says(INFER, logits(&[2, 3], &nan));
    let conch = before(&fakes, &["--triton-health-interval", "60000"]).await;
    for _ in 0..10 {
        conch.classifies_well().await;
    }
    assert_eq!(conch.ready().await, [true, true]);
}

#[tokio::test]
async fn a_replica_that_hangs_leaves_time_for_another() {
    let fakes = fakes::<2>().await;
    let conch = before(&fakes, &["--triton-timeout", "2"]).await;
    fakes[0].hangs();
    let begun = Instant::now();
    for _ in 0..10 {
        conch.classifies_well().await;
    }
    // Once at most: then it is left out. Its half of the time is a second.
    assert!(
        begun.elapsed() < Duration::from_millis(1900),
        "{:?}",
        begun.elapsed()
    );
    eventually("it is out", async || {
        conch.classifies_well().await;
        conch.ready().await == [false, true]
    })
    .await;
    fakes[0].wakes();
    conch.until_ready(&[true, true]).await;
}

#[tokio::test]
async fn second_tries_are_for_a_fifth_of_the_requests() {
    let fakes = fakes::<2>().await;
    fakes[0].says(INFER, Reply::error(503, "Exceeds maximum queue size"));
    let conch = before(&fakes, &[]).await;
    let mut refused = 0;
    for _ in 0..200 {
        let answer = conch.classify(1).await;
        if answer.status != 200 {
            answer.assert_problem(503, "overloaded");
            refused += 1;
        }
    }
    // A reserve of 10, and a fifth of 200; about a hundred would have needed one.
    let tries: usize = inferred(&fakes).iter().sum();
    assert!((240..=250).contains(&tries), "{tries}");
    assert!(refused > 10, "{refused}");
}

#[tokio::test]
async fn of_two_replicas_the_one_with_less_to_do_is_asked() {
    let fakes = fakes::<2>().await;
    fakes
        .iter()
        .for_each(|fake| fake.says(INFER, Reply::Nothing));
    let conch = before(&fakes, &[]).await;
    let mut requests = JoinSet::new();
    for sent in 1..=10 {
        let server = conch.server.clone();
        let photo = zeros(DataType::Uint8, &[1, 3, 8, 8]);
        requests.spawn(async move { server.classify("tiny", "input", &photo).await.status });
        let arrived = async || inferred(&fakes).iter().sum::<usize>() == sent;
        eventually("the request arrived", arrived).await;
    }
    assert_eq!(inferred(&fakes), [5, 5]);
    // Their clients go away, and with them what the replicas had to do.
    requests.shutdown().await;
    for fake in &fakes {
        fake.until("all connections closed", |traffic| traffic.abandoned == 5)
            .await;
    }
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_request_along() {
    let [triton] = fakes::<1>().await;
    triton.says(INFER, Reply::Nothing);
    let conch = OverTriton::at(&[triton.url()], &[]).await;
    let address = conch.server.listen().await;
    let address = address.strip_prefix("http://").unwrap();
    let mut client = TcpStream::connect(address).await.unwrap();
    let tensor = zeros(DataType::Uint8, &[1, 3, 8, 8]);
    let name = "input".to_owned();
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor { name, tensor }],
        ..InferRequest::default()
    });
    let head = format!(
        "POST /api/models/tiny/classify HTTP/1.1\r\nhost: localhost\r\n\
         {HEADER_LENGTH}: {}\r\ncontent-length: {}\r\n\r\n",
        frame.header_len,
        frame.body.len()
    );
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&frame.body).await.unwrap();
    triton
        .until("the request came", |traffic| traffic.in_flight == 1)
        .await;
    drop(client);
    triton
        .until("the connection closed", |traffic| traffic.abandoned == 1)
        .await;
}

#[tokio::test]
async fn when_all_are_gone_the_client_is_told_at_once_and_served_soon_after() {
    let mut fakes = fakes::<2>().await;
    // As often as by default.
    let conch = before(&fakes, &["--triton-health-interval", "500"]).await;
    for fake in &mut fakes {
        fake.dies().await;
    }
    let mut times = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        let answer = conch.classify(1).await;
        times.push(begun.elapsed());
        answer.assert_problem(503, "model_unavailable");
    }
    // Not the slowest: other tests run on this machine, too.
    times.sort();
    assert!(times[10] < Duration::from_millis(50), "{times:?}");
    conch.until_ready(&[false, false]).await;
    conch
        .server
        .get("/health/ready")
        .await
        .assert_problem(503, "not_ready");
    assert!(matches!(
        conch.state("tiny").await,
        ModelState::Unavailable { .. }
    ));
    for fake in &mut fakes {
        fake.restart().await;
    }
    let begun = Instant::now();
    conch.until_ready(&[true, true]).await;
    conch.classifies_well().await;
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_replica_that_means_another_model_is_not_asked_for_it() {
    let fakes = fakes::<3>().await;
    let mut other = config();
    other["parameters"] = json!({ "preprocess.mean": { "string_value": "0, 0, 0" } });
    fakes[2].says(CONFIG, Reply::json(200, &other));
    // On another machine Triton fills in other instances; that is no other model.
    let mut gpu = config();
    gpu["instance_group"] = json!([{ "kind": "KIND_GPU", "gpus": [0] }]);
    fakes[1].says(CONFIG, Reply::json(200, &gpu));
    let conch = before(&fakes, &[]).await;
    for _ in 0..30 {
        conch.classifies_well().await;
    }
    let inferred = inferred(&fakes);
    assert!(inferred[0] > 0 && inferred[1] > 0, "{inferred:?}");
    assert_eq!(inferred[2], 0);
}

#[tokio::test]
async fn the_same_address_twice_is_one_replica() {
    let [triton] = fakes::<1>().await;
    let conch = OverTriton::at(&[triton.url(), triton.url() + "/"], &[]).await;
    assert_eq!(conch.ready().await, [true]);
}
