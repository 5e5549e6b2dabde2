//! The threads, around a model that is held by the test.

mod restart;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use conch_shared::tensor::{DataType, Shape};
use tokio::task::JoinHandle;

use super::instance::Run;
use super::*;
use crate::model_repo::{Batching, QueuePolicy};

/// Tells of each run and waits until it may go on.
struct Held {
    begun: tokio::sync::mpsc::Sender<Vec<u8>>,
    go_on: mpsc::Receiver<()>,
    broken: Arc<AtomicBool>,
}

/// The test's side of it.
struct Hand {
    begun: tokio::sync::mpsc::Receiver<Vec<u8>>,
    go_on: mpsc::Sender<()>,
    broken: Arc<AtomicBool>,
}

/// A photo of this value makes the model fail, alone or in a batch.
const BAD: u8 = 13;
/// A photo of this value makes it panic.
const WORSE: u8 = 14;
/// A photo of this value breaks it: from then on it fails, whatever it gets.
const WORST: u8 = 15;

fn held() -> (Held, Hand) {
    let (sender, begun) = tokio::sync::mpsc::channel(16);
    let (go_on, receiver) = mpsc::channel();
    let held = Held {
        begun: sender,
        go_on: receiver,
        broken: Arc::default(),
    };
    let broken = Arc::clone(&held.broken);
    let hand = Hand {
        begun,
        go_on,
        broken,
    };
    (held, hand)
}

impl Hand {
    /// The photos of the next run.
    async fn begun(&mut self) -> Vec<u8> {
        self.begun.recv().await.unwrap()
    }

    fn go_on(&self) {
        self.go_on.send(()).unwrap();
    }

    /// From now on each run fails.
    fn break_it(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

impl Execute for Held {
    fn run(&mut self, inputs: &[&Tensor]) -> Result<Run, String> {
        let photos: Vec<u8> = inputs.iter().flat_map(|i| i.data().to_vec()).collect();
        self.begun.blocking_send(photos.clone()).ok();
        // The test has ended: so may the run.
        self.go_on.recv().ok();
        assert!(!photos.contains(&WORSE), "a photo of that value");
        // A batch fails as a whole, and it is the photo by itself that breaks it.
        self.broken.fetch_or(photos == [WORST], Ordering::Relaxed);
        if self.broken.load(Ordering::Relaxed) || photos.contains(&BAD) || photos.contains(&WORST) {
            return Err("a bad photo".to_owned());
        }
        let time = Duration::from_millis(1);
        Ok(Run {
            outputs: inputs.iter().map(|input| (*input).clone()).collect(),
            compute_input: time,
            compute_infer: time,
            compute_output: time,
        })
    }

    fn probe(&mut self) -> Result<(), String> {
        match self.broken.load(Ordering::Relaxed) {
            true => Err("broken".to_owned()),
            false => Ok(()),
        }
    }
}

/// Never asked to bring an instance back.
fn no_load<M>() -> Load<M> {
    Load {
        load: Arc::new(|| Err("there is nothing to load".to_owned())),
        backoff: Backoff::default(),
    }
}

fn scheduling(queue: QueuePolicy) -> Scheduling {
    Scheduling {
        max_batch_size: 8,
        batching: Some(Batching {
            preferred: vec![8],
            max_delay: Duration::ZERO,
            queue,
        }),
        ..Scheduling::default()
    }
}

fn start(instances: Vec<Held>, scheduling: &Scheduling) -> Arc<Scheduler> {
    let counters = Counters::new("held", 1);
    Arc::new(Scheduler::start(instances, scheduling, 100, counters, &no_load()).unwrap())
}

fn photo(values: &[u8]) -> Tensor {
    Tensor::new(
        DataType::Uint8,
        Shape::new([values.len(), 1]),
        values.to_vec(),
    )
    .unwrap()
}

/// A request under way, and the photos that come back.
type Asked = JoinHandle<Result<Vec<u8>, Refusal>>;

/// Asks, and returns when the request is in the queue.
async fn ask(scheduler: &Arc<Scheduler>, values: &[u8]) -> Asked {
    ask_within(scheduler, values, None).await
}

/// An instance that runs a first request while its queue has room for one more.
async fn busy_with_room_for_one() -> (Arc<Scheduler>, Hand, Asked) {
    let (held, mut hand) = held();
    let policy = QueuePolicy {
        max_size: Some(1),
        ..QueuePolicy::default()
    };
    let scheduler = start(vec![held], &scheduling(policy));
    let first = ask(&scheduler, &[1]).await;
    hand.begun().await;
    (scheduler, hand, first)
}

async fn ask_within(scheduler: &Arc<Scheduler>, values: &[u8], timeout: Option<Duration>) -> Asked {
    let (scheduler, tensor) = (Arc::clone(scheduler), photo(values));
    let asked = tokio::spawn(async move {
        let answer = scheduler.infer(tensor, timeout).await?;
        Ok(answer.output.data().to_vec())
    });
    // On the one thread of the test's runtime, it runs until it waits for its answer.
    tokio::task::yield_now().await;
    asked
}

#[tokio::test]
async fn what_waits_while_an_instance_is_at_work_runs_together_next() {
    let (held, mut hand) = held();
    let scheduler = start(vec![held], &scheduling(QueuePolicy::default()));
    let first = ask(&scheduler, &[1]).await;
    assert_eq!(hand.begun().await, [1]);
    let second = ask(&scheduler, &[2]).await;
    let third = ask(&scheduler, &[3, 4]).await;
    hand.go_on();
    assert_eq!(hand.begun().await, [2, 3, 4]);
    hand.go_on();
    assert_eq!(first.await.unwrap(), Ok(vec![1]));
    assert_eq!(second.await.unwrap(), Ok(vec![2]));
    assert_eq!(third.await.unwrap(), Ok(vec![3, 4]));
    let counted = scheduler.statistics();
    assert_eq!((counted.inference_count, counted.execution_count), (4, 2));
    let requests = &counted.inference_stats;
    assert_eq!((requests.success.count, requests.queue.count), (3, 3));
    assert_eq!(
        requests.compute_infer.ns, 3_000_000,
        "each is charged the whole run"
    );
    let runs = counted.batch_stats.iter();
    let runs: Vec<_> = runs
        .map(|b| (b.batch_size, b.compute_infer.count))
        .collect();
    assert_eq!(runs, [(1, 1), (3, 1)]);
}

#[tokio::test]
async fn two_instances_work_side_by_side() {
    let ((one, mut first), (other, mut second)) = (held(), held());
    let rules = Scheduling {
        batching: None,
        ..scheduling(QueuePolicy::default())
    };
    let scheduler = start(vec![one, other], &rules);
    let asked = [ask(&scheduler, &[1]).await, ask(&scheduler, &[2]).await];
    let mut begun = [first.begun().await, second.begun().await];
    begun.sort();
    assert_eq!(begun, [[1], [2]]);
    first.go_on();
    second.go_on();
    for answer in asked {
        answer.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_client_that_has_gone_is_not_run() {
    let (held, mut hand) = held();
    let scheduler = start(vec![held], &scheduling(QueuePolicy::default()));
    let first = ask(&scheduler, &[1]).await;
    hand.begun().await;
    let gone = ask(&scheduler, &[2]).await;
    let last = ask(&scheduler, &[3]).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    hand.go_on();
    assert_eq!(hand.begun().await, [3]);
    hand.go_on();
    first.await.unwrap().unwrap();
    last.await.unwrap().unwrap();
    let counted = scheduler.statistics();
    assert_eq!((counted.inference_count, counted.execution_count), (2, 2));
    assert_eq!(counted.inference_stats.fail.count, 1);
}

#[tokio::test]
async fn a_request_that_expires_is_turned_away_while_the_instance_is_at_work() {
    let (held, mut hand) = held();
    let policy = QueuePolicy {
        timeout: Some(Duration::from_secs(3600)),
        allow_override: true,
        ..QueuePolicy::default()
    };
    let scheduler = start(vec![held], &scheduling(policy));
    let first = ask(&scheduler, &[1]).await;
    hand.begun().await;
    let late = ask_within(&scheduler, &[2], Some(Duration::from_millis(1))).await;
    assert_eq!(late.await.unwrap(), Err(Refusal::Expired));
    hand.go_on();
    assert_eq!(first.await.unwrap(), Ok(vec![1]));
    let counted = scheduler.statistics();
    assert_eq!((counted.inference_count, counted.execution_count), (1, 1));
    assert_eq!(counted.inference_stats.fail.count, 1);
}

#[tokio::test]
async fn a_full_queue_turns_away() {
    let (scheduler, hand, first) = busy_with_room_for_one().await;
    let second = ask(&scheduler, &[2]).await;
    let third = ask(&scheduler, &[3]).await;
    assert_eq!(third.await.unwrap(), Err(Refusal::Full(1)));
    hand.go_on();
    hand.go_on();
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_place_is_free_again_when_its_client_has_gone() {
    let (scheduler, hand, first) = busy_with_room_for_one().await;
    let gone = ask(&scheduler, &[2]).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    let third = ask(&scheduler, &[3]).await;
    hand.go_on();
    hand.go_on();
    first.await.unwrap().unwrap();
    assert_eq!(third.await.unwrap(), Ok(vec![3]));
}

#[tokio::test]
async fn a_request_at_fault_takes_no_other_with_it() {
    for bad in [BAD, WORSE] {
        let (held, mut hand) = held();
        let scheduler = start(vec![held], &scheduling(QueuePolicy::default()));
        let first = ask(&scheduler, &[1]).await;
        hand.begun().await;
        let good = ask(&scheduler, &[2]).await;
        let faulty = ask(&scheduler, &[bad]).await;
        let also_good = ask(&scheduler, &[3]).await;
        // The first, the three together, and each of the three by itself.
        (0..5).for_each(|_| hand.go_on());
        assert_eq!(hand.begun().await, [2, bad, 3]);
        first.await.unwrap().unwrap();
        assert_eq!(good.await.unwrap(), Ok(vec![2]));
        assert!(matches!(faulty.await.unwrap(), Err(Refusal::Failed(_))));
        assert_eq!(also_good.await.unwrap(), Ok(vec![3]));
        let counted = scheduler.statistics();
        assert_eq!((counted.inference_count, counted.execution_count), (3, 3));
        assert_eq!(counted.inference_stats.fail.count, 1);
    }
}

#[tokio::test]
async fn a_batch_waits_for_the_others_that_may_come() {
    let (held, mut hand) = held();
    let mut rules = scheduling(QueuePolicy::default());
    rules.batching.as_mut().unwrap().preferred = vec![2];
    rules.batching.as_mut().unwrap().max_delay = Duration::from_secs(3600);
    let scheduler = start(vec![held], &rules);
    let first = ask(&scheduler, &[1]).await;
    let second = ask(&scheduler, &[2]).await;
    assert_eq!(hand.begun().await, [1, 2]);
    hand.go_on();
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn dropping_the_scheduler_ends_its_threads_after_the_run_they_are_at() {
    let ((one, mut first), (other, second)) = (held(), held());
    let rules = Scheduling {
        batching: None,
        ..scheduling(QueuePolicy::default())
    };
    let scheduler =
        Scheduler::start(vec![one], &rules, 100, Counters::new("held", 1), &no_load()).unwrap();
    let idle = Scheduler::start(
        vec![other],
        &rules,
        100,
        Counters::new("idle", 1),
        &no_load(),
    )
    .unwrap();
    let (request, answered) = Request::new(photo(&[1]), true);
    scheduler.shared.push(request, None).unwrap();
    first.begun().await;
    let (request, waiting) = Request::new(photo(&[2]), true);
    scheduler.shared.push(request, None).unwrap();
    first.go_on();
    let shared = Arc::downgrade(&scheduler.shared);
    let idle_shared = Arc::downgrade(&idle.shared);
    // Should the second have begun as well, it ends with the channel.
    drop(first);
    drop((scheduler, idle, second));
    assert!(shared.upgrade().is_none(), "a thread is left");
    assert!(idle_shared.upgrade().is_none(), "a thread is left");
    assert_eq!(answered.await.unwrap().unwrap().output, photo(&[1]));
    drop(waiting);
}
