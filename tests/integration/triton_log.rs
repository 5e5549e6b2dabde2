//! The log tells what became of the replicas: one line an event, and each names its replica.

use crate::support::fake_triton::{FakeTriton, INFER, Reply};
use crate::support::{Log, OverTriton, eventually};

#[tokio::test]
async fn a_death_and_a_return_are_told_once_each() {
    let log = Log::default();
    let _guard = log.start();
    let (mut one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    assert_eq!(
        log.lines(&["INFO", "replica ready", "replica 1", "2.51.0", "tiny"])
            .len(),
        1
    );
    assert_eq!(log.lines(&["INFO", "replica ready", "replica 2"]).len(), 1);
    one.dies().await;
    conch.until_ready(&[false, true]).await;
    eventually("it is out", async || {
        !log.lines(&["replica out"]).is_empty()
    })
    .await;
    assert_eq!(
        log.lines(&["WARN", "replica out", "replica 1", "no connection"])
            .len(),
        1
    );
    one.restart().await;
    conch.until_ready(&[true, true]).await;
    assert_eq!(log.lines(&["INFO", "replica back", "replica 1"]).len(), 1);
    assert_eq!(log.lines(&["replica 2"]).len(), 1);
}

#[tokio::test]
async fn a_fault_and_its_retry_are_told_with_the_cause() {
    let log = Log::default();
    let _guard = log.start();
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    one.says(INFER, Reply::error(500, "out of memory"));
    while one.traffic().inferred == 0 {
        conch.classifies_well().await;
    }
    let cause = "out of memory";
    assert_eq!(
        log.lines(&["WARN", "replica left out", "replica 1", cause])
            .len(),
        1
    );
    assert_eq!(
        log.lines(&[
            "INFO",
            "retry",
            "from=\"replica 1\"",
            "to=\"replica 2\"",
            cause
        ])
        .len(),
        1
    );
    eventually("it is taken back", async || {
        !log.lines(&["taken back", "replica 1"]).is_empty()
    })
    .await;
}

#[tokio::test]
async fn an_empty_budget_is_told() {
    let log = Log::default();
    let _guard = log.start();
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let full = Reply::error(503, "Exceeds maximum queue size");
    one.says(INFER, full.clone());
    two.says(INFER, full);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    for _ in 0..20 {
        conch.classify(1).await.assert_problem(503, "overloaded");
    }
    assert!(
        !log.lines(&["WARN", "the budget is empty", "Exceeds maximum"])
            .is_empty()
    );
}

#[tokio::test]
async fn a_replica_with_another_model_is_told_once() {
    let log = Log::default();
    let _guard = log.start();
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let labels = crate::support::fake_triton::labels(&["2.0:1:a", "1.0:2:b", "0.0:0:c"]);
    two.names_classes_as(labels);
    let conch = OverTriton::at(&[one.url(), two.url()], &[]).await;
    let asked = two.requests().len();
    eventually("it is looked at again", async || {
        two.requests().len() > asked + 10
    })
    .await;
    assert_eq!(conch.ready().await, [true, true]);
    assert_eq!(
        log.lines(&["WARN", "labels differ", "model=\"tiny\""])
            .len(),
        1
    );
}
