//! A real Triton behind a line that is slow, narrow, cut or silent: every answer is the right one or says
//! that there is none. What the answer of another photo would be is never said.

use std::time::{Duration, Instant};

use conch_shared::api::Problem;
use tokio::task::{JoinSet, LocalSet};

use crate::support::{Answer, Fault, OverTriton, Relay, Tiny, Triton, Way, assert_right, numbered};

/// How often each fault happens, each way.
const TIMES: usize = 20;

/// Time that a request gets.
const DEADLINE: Duration = Duration::from_millis(600);

/// Whether there may be no answer. Triton 2.51 takes a request's path wrongly where its first line comes in
/// two segments, and finds no such model as a rule.
fn is_fatal(way: Way, fault: Fault) -> bool {
    match fault {
        Fault::Latency(_) | Fault::Bandwidth(_) => false,
        Fault::Slices(_) => way == Way::Up,
        _ => true,
    }
}

/// The faults, each in the middle of another part of what passes.
fn faults(way: Way, time: usize) -> [Fault; 7] {
    // A request is some 1,200 bytes, an answer some 400.
    let most = match way {
        Way::Up => 1300,
        Way::Down => 450,
    };
    let after = time * most / TIMES;
    let late = Duration::from_millis(5 * time as u64);
    [
        Fault::Latency(late),
        Fault::Bandwidth(20_000 + 1000 * time),
        Fault::Slices(1 + 3 * time),
        Fault::Cut(after),
        Fault::Reset(after),
        Fault::Stall(after),
        Fault::SlowClose(after, late),
    ]
}

/// One fault after the other on a line of its own; gives how many answers were right.
async fn suffer(triton: String, way: Way, kind: usize) -> usize {
    let relay = Relay::to(&triton).await;
    let seconds = DEADLINE.as_secs_f64().to_string();
    let conch = OverTriton::at(&[relay.url()], &["--triton-timeout", &seconds]).await;
    let mut right = 0;
    for time in 0..TIMES {
        conch.until_ready(&[true]).await;
        let fault = faults(way, time)[kind];
        relay.set(Some((way, fault)));
        let number = 1 + time + TIMES * kind;
        let begun = Instant::now();
        let answer = conch
            .server
            .classify("tiny", "input", &numbered(number))
            .await;
        let took = begun.elapsed();
        relay.set(None);
        if answer.status == 200 {
            assert_right(number, &answer);
            right += 1;
        } else {
            assert!(is_fatal(way, fault), "{way:?} {fault:?}: {}", answer.text());
            assert_typed(&answer, way, fault);
        }
        // The machine may be busy with other tests.
        assert!(took < 10 * DEADLINE, "{way:?} {fault:?} took {took:?}");
    }
    right
}

#[track_caller]
fn assert_typed(answer: &Answer, way: Way, fault: Fault) {
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    let typed = match answer.status.as_u16() {
        502 => problem.code == "connection_broke" || problem.code == "bad_answer",
        503 => problem.code == "model_unavailable",
        // What Triton makes of a first line in pieces it may refuse as well.
        500 => problem.code == "engine_failed" && matches!(fault, Fault::Slices(_)),
        504 => problem.code == "timed_out",
        _ => false,
    };
    assert!(typed, "{way:?} {fault:?}: {}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_right_or_there_is_none() {
    let repository = Tiny::default().repository();
    let Some(tritons) = Triton::several(repository.path(), 1).await else {
        return;
    };
    let triton = &tritons[0];
    let local = LocalSet::new();
    let mut all = JoinSet::new();
    for way in [Way::Up, Way::Down] {
        for kind in 0..faults(way, 0).len() {
            let url = triton.url();
            all.spawn_local_on(
                async move { (way, kind, suffer(url, way, kind).await) },
                &local,
            );
        }
    }
    let mut told = local.run_until(all.join_all()).await;
    told.sort_by_key(|(way, kind, _)| (*way == Way::Down, *kind));
    for (way, kind, right) in told {
        let name = format!("{:?}", faults(way, 1)[kind]);
        println!("{way:?} {name}: {right} of {TIMES} right, the others none");
    }
}
