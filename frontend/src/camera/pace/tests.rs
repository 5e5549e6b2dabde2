use super::*;

/// A server that answers in `alone_ms`, and in `together_ms` while another request is under way;
/// frames take no time to prepare.
struct Played {
    pace: Pace,
    now_ms: f64,
    /// Frames under way, and when they will be answered.
    answers: Vec<(FrameId, f64)>,
    /// When each was sent, and how many were under way then.
    sent: Vec<(f64, usize)>,
}

fn play(pace: Pace, alone_ms: f64, together_ms: f64, until_ms: f64) -> Played {
    let mut play = Played {
        pace,
        now_ms: 0.0,
        answers: Vec::new(),
        sent: Vec::new(),
    };
    while play.now_ms < until_ms {
        let now = play.now_ms;
        for (id, _) in play.answers.extract_if(.., |(_, at)| *at <= now) {
            play.pace.answered(id, now);
        }
        if play.pace.send_at(now).is_some_and(|at| at <= now) {
            let takes = if play.answers.is_empty() {
                alone_ms
            } else {
                together_ms
            };
            let id = play.pace.sent(now);
            play.answers.push((id, now + takes));
            play.sent.push((now, play.answers.len()));
        }
        play.now_ms += 1.0;
    }
    play
}

impl Played {
    fn most_at_once(&self) -> usize {
        self.sent
            .iter()
            .map(|(_, at_once)| *at_once)
            .max()
            .unwrap_or(0)
    }

    /// Frames a second over the last second.
    fn rate(&self) -> usize {
        let last = self
            .sent
            .iter()
            .filter(|(at, _)| *at >= self.now_ms - 1000.0);
        last.count()
    }
}

#[test]
fn a_quick_server_is_asked_thirty_times_a_second_and_no_more() {
    let play = play(Pace::default(), 10.0, 12.0, 3000.0);
    assert!((29..=31).contains(&play.rate()), "{}", play.rate());
    assert_eq!(
        play.most_at_once(),
        1,
        "one is always answered before the next"
    );
}

#[test]
fn a_second_request_is_under_way_where_the_server_keeps_up() {
    let play = play(Pace::default(), 100.0, 110.0, 4000.0);
    assert_eq!(play.most_at_once(), 2);
    assert!(play.rate() >= 17, "{} a second, not 10", play.rate());
    let early = play.sent.iter().take_while(|(at, _)| *at < 400.0);
    assert!(
        early.map(|(_, at_once)| *at_once).all(|it| it == 1),
        "not before it is known"
    );
}

#[test]
fn one_is_enough_for_a_server_that_answers_one_after_the_other() {
    let play = play(Pace::default(), 100.0, 200.0, 12_000.0);
    let two = play
        .sent
        .iter()
        .filter(|(_, at_once)| *at_once == 2)
        .count();
    assert!(two >= 2, "it is tried");
    assert!(two * 4 < play.sent.len(), "{two} of {}", play.sent.len());
}

#[test]
fn a_slow_server_gets_one_at_a_time_and_a_rest() {
    let play = play(Pace::default(), 2000.0, 2000.0, 20_000.0);
    assert_eq!(play.most_at_once(), 1);
    let between = play.sent.windows(2).map(|two| two[1].0 - two[0].0);
    assert!(between.into_iter().all(|it| it >= 3000.0));
}

#[test]
fn a_hot_device_and_one_that_runs_out_of_power_are_spared() {
    let mut pace = Pace::default();
    pace.hear(Hints {
        is_hot: true,
        ..Hints::default()
    });
    let play = play(pace, 20.0, 20.0, 4000.0);
    assert_eq!((play.rate(), play.most_at_once()), (4, 1));
    assert!(is_low(0.1, false) && !is_low(0.1, true) && !is_low(0.5, false));
}

#[test]
fn after_a_refusal_it_is_one_for_a_while() {
    let mut play = play(Pace::default(), 100.0, 110.0, 3000.0);
    let (id, _) = play.answers.remove(0);
    play.pace.failed(id, play.now_ms);
    assert_eq!(
        play.pace.send_at(play.now_ms),
        None,
        "the other one is under way"
    );
}

#[test]
fn an_answer_counts_unless_a_later_frames_came_before_it() {
    let mut pace = Pace::default();
    let (first, second, third) = (pace.sent(0.0), pace.sent(40.0), pace.sent(80.0));
    assert!(pace.answered(second, 100.0));
    assert!(!pace.answered(first, 110.0));
    assert!(pace.answered(third, 120.0));
}

#[test]
fn the_next_frame_is_prepared_just_in_time() {
    let mut pace = Pace::default();
    assert_eq!(pace.prepare_at(7.0), 7.0, "the first one at once");
    pace.prepared(20.0);
    let id = pace.sent(0.0);
    pace.answered(id, 100.0);
    pace.sent(100.0);
    assert_eq!(pace.prepare_at(110.0), 170.0);
}
