//! Instances that break and come back.

use std::sync::atomic::AtomicUsize;

use super::*;

const BROKEN: &str = "its engine failed and is being restarted";

fn broken() -> Result<Vec<u8>, Refusal> {
    Err(Refusal::Broken(BROKEN.to_owned()))
}

/// Soon enough for a test that waits for it.
const SOON: Backoff = Backoff {
    first: Duration::from_millis(5),
    most: Duration::from_millis(20),
};

/// Gives the instances that the test sends, and fails while there is none.
fn load(backoff: Backoff) -> (mpsc::Sender<Held>, Load<Held>) {
    let (sender, receiver) = mpsc::channel();
    let receiver = Mutex::new(receiver);
    let next = move || {
        let next = receiver.lock().unwrap().try_recv();
        next.map_err(|_empty| "the file is gone".to_owned())
    };
    let load = Load {
        load: Arc::new(next),
        backoff,
    };
    (sender, load)
}

fn start_with(instances: Vec<Held>, rules: &Scheduling, load: &Load<Held>) -> Arc<Scheduler> {
    let counters = Counters::new("held", 1);
    Arc::new(Scheduler::start(instances, rules, 100, counters, load).unwrap())
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn where_the_last_instance_breaks_all_are_refused_until_it_answers_again() {
    let (one, mut hand) = held();
    let (spare, load) = load(SOON);
    let rules = scheduling(QueuePolicy::default());
    let scheduler = start_with(vec![one], &rules, &load);
    let worst = ask(&scheduler, &[WORST]).await;
    hand.begun().await;
    let waiting = ask(&scheduler, &[1]).await;
    assert_eq!(scheduler.health(), Ok(()));
    hand.go_on();
    assert_eq!(worst.await.unwrap(), broken());
    assert_eq!(waiting.await.unwrap(), broken());
    // The file is not there: it says so, and goes on trying.
    let reason = format!("{BROKEN}; the last try: the file is gone");
    until("the reason", || scheduler.health() == Err(reason.clone())).await;
    let refused = ask(&scheduler, &[2]).await.await.unwrap();
    assert_eq!(refused, Err(Refusal::Broken(reason)));

    let (next, mut hand) = held();
    spare.send(next).unwrap();
    until("it is ready", || scheduler.health().is_ok()).await;
    let answered = ask(&scheduler, &[3]).await;
    assert_eq!(hand.begun().await, [3]);
    hand.go_on();
    assert_eq!(answered.await.unwrap(), Ok(vec![3]));
    let counted = scheduler.statistics().inference_stats;
    assert_eq!((counted.success.count, counted.fail.count), (1, 3));
}

#[tokio::test]
async fn what_a_broken_instance_had_taken_up_goes_to_another() {
    let ((one, mut first), (other, mut second)) = (held(), held());
    let (_spare, load) = load(SOON);
    let rules = scheduling(QueuePolicy::default());
    let scheduler = start_with(vec![one, other], &rules, &load);
    // Both are at work, so that what comes now is one batch.
    let one_is_busy = ask(&scheduler, &[1]).await;
    tokio::select! {
        _ = first.begun() => {}
        _ = second.begun() => std::mem::swap(&mut first, &mut second),
    }
    let busy = [one_is_busy, ask(&scheduler, &[2]).await];
    assert_eq!(second.begun().await, [2]);
    let batch = [ask(&scheduler, &[3]).await, ask(&scheduler, &[4]).await];
    first.go_on();
    assert_eq!(first.begun().await, [3, 4]);
    first.break_it();
    first.go_on();
    second.go_on();
    // Alone: one of them may be why it broke.
    assert_eq!(second.begun().await, [3]);
    assert_eq!(scheduler.health(), Ok(()), "the other answers");
    second.go_on();
    assert_eq!(second.begun().await, [4]);
    second.go_on();
    for (asked, expected) in batch.into_iter().zip([3, 4]) {
        assert_eq!(asked.await.unwrap(), Ok(vec![expected]));
    }
    for asked in busy {
        asked.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_request_that_breaks_whatever_runs_it_breaks_two_instances_at_most() {
    let ((one, mut first), (other, mut second), (third, mut last)) = (held(), held(), held());
    let (_spare, load) = load(SOON);
    let rules = scheduling(QueuePolicy::default());
    let scheduler = start_with(vec![one, other, third], &rules, &load);
    for hand in [&first, &second, &last] {
        hand.go_on();
    }
    let worst = ask(&scheduler, &[WORST]).await;
    assert!(matches!(worst.await.unwrap(), Err(Refusal::Failed(_))));
    let broken = [&first, &second, &last].map(|hand| hand.broken.load(Ordering::Relaxed));
    assert_eq!(broken.iter().filter(|broken| **broken).count(), 2);
    let good = ask(&scheduler, &[1]).await;
    assert_eq!(good.await.unwrap(), Ok(vec![1]), "the third answers");
    for hand in [&mut first, &mut second, &mut last] {
        hand.begun().await;
    }
}

#[tokio::test]
async fn each_wait_is_twice_as_long_as_the_one_before_up_to_a_limit() {
    let (one, mut hand) = held();
    let tries = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&tries);
    let load = Load {
        load: Arc::new(move || {
            noted.lock().unwrap().push(Instant::now());
            Err("not yet".to_owned())
        }),
        backoff: Backoff {
            first: Duration::from_millis(10),
            most: Duration::from_millis(40),
        },
    };
    let rules = scheduling(QueuePolicy::default());
    let scheduler = start_with(vec![one], &rules, &load);
    let asked = ask(&scheduler, &[WORST]).await;
    hand.begun().await;
    let begun = Instant::now();
    hand.go_on();
    asked.await.unwrap().unwrap_err();
    until("five tries", || tries.lock().unwrap().len() >= 5).await;
    let tries = tries.lock().unwrap().clone();
    let since = [begun].into_iter().chain(tries.iter().copied());
    for ((before, after), least) in since.zip(&tries).zip([10, 20, 40, 40, 40]) {
        let waited = *after - before;
        assert!(
            waited >= Duration::from_millis(least),
            "{waited:?}, {least}"
        );
    }
}

#[tokio::test]
async fn the_scheduler_ends_at_once_while_an_instance_waits_for_its_restart() {
    let (one, mut hand) = held();
    let hour = Duration::from_secs(3600);
    let (_spare, load) = load(Backoff {
        first: hour,
        most: hour,
    });
    let rules = scheduling(QueuePolicy::default());
    let scheduler = start_with(vec![one], &rules, &load);
    let asked = ask(&scheduler, &[WORST]).await;
    hand.begun().await;
    hand.go_on();
    asked.await.unwrap().unwrap_err();
    until("it is broken", || scheduler.health().is_err()).await;
    // The test ends: a thread that waited for an hour would not let it.
    drop(scheduler);
}

/// Breaks at times, and panics where no code of ours looks.
struct Fragile {
    broken: bool,
    alive: Arc<AtomicUsize>,
}

impl Execute for Fragile {
    fn run(&mut self, inputs: &[&Tensor]) -> Result<Run, String> {
        self.broken |= inputs.iter().any(|input| **input.data() == [WORST]);
        assert!(!self.broken, "a broken engine");
        Ok(Run {
            outputs: inputs.iter().map(|input| (*input).clone()).collect(),
            compute_input: Duration::ZERO,
            compute_infer: Duration::ZERO,
            compute_output: Duration::ZERO,
        })
    }

    fn probe(&mut self) -> Result<(), String> {
        assert!(!self.broken, "a broken engine");
        Ok(())
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
        assert!(!self.broken, "a broken engine's clean-up");
    }
}

#[tokio::test]
async fn instances_that_panic_again_and_again_leave_no_request_without_its_own_answer() {
    let alive = Arc::new(AtomicUsize::new(0));
    let overlapped = Arc::new(AtomicBool::new(false));
    let (counted, too_many) = (Arc::clone(&alive), Arc::clone(&overlapped));
    let make = move || {
        let others = counted.fetch_add(1, Ordering::Relaxed);
        too_many.fetch_or(others >= 3, Ordering::Relaxed);
        Fragile {
            broken: false,
            alive: Arc::clone(&counted),
        }
    };
    let instances = (0..3).map(|_| make()).collect();
    let load = Load {
        load: Arc::new(move || Ok(make())),
        backoff: SOON,
    };
    let counters = Counters::new("fragile", 1);
    let rules = scheduling(QueuePolicy::default());
    let scheduler = Scheduler::start(instances, &rules, 1000, counters, &load);
    let scheduler = Arc::new(scheduler.unwrap());
    let mut right = 0;
    for round in 0..30_u8 {
        // One of twenty breaks two of the three; the third answers all the others.
        let values = (0..20).map(|number| match number {
            7 => WORST,
            _ => 100 + (round + number) % 100,
        });
        let mut asked = Vec::new();
        for value in values {
            asked.push((value, ask(&scheduler, &[value]).await));
        }
        for (value, answer) in asked {
            match answer.await.unwrap() {
                Ok(found) => {
                    assert_eq!(found, [value], "another's answer");
                    right += 1;
                }
                Err(Refusal::Failed(_)) => assert_eq!(value, WORST),
                Err(other) => panic!("{value}: {other:?}"),
            }
        }
        until("all are back", || scheduler.shared.lock().alive == 3).await;
    }
    assert_eq!((right, alive.load(Ordering::Relaxed)), (570, 3));
    let counted = scheduler.statistics().inference_stats;
    assert_eq!(counted.success.count + counted.fail.count, 600);
    assert!(
        !overlapped.load(Ordering::Relaxed),
        "a broken one is still there"
    );
}
