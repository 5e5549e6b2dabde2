use super::*;

/// A request of a number of items; only those of one kind go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Photo {
    items: usize,
    kind: char,
    is_gone: bool,
}

impl Waiting for Photo {
    fn items(&self) -> usize {
        self.items
    }

    fn fits(&self, first: &Self) -> bool {
        self.kind == first.kind
    }

    fn is_abandoned(&self) -> bool {
        self.is_gone
    }
}

fn photos(items: usize) -> Photo {
    Photo {
        items,
        kind: 'a',
        is_gone: false,
    }
}

const GONE: Photo = Photo {
    items: 1,
    kind: 'a',
    is_gone: true,
};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// `max_batch_size` 8 and these preferred sizes and delay, no limits.
fn batching(preferred: &[usize], max_delay: Duration) -> Batching {
    Batching {
        preferred: preferred.to_vec(),
        max_delay,
        queue: QueuePolicy::default(),
    }
}

fn queue(batching: impl Into<Option<Batching>>) -> Queue<Photo> {
    let scheduling = Scheduling {
        max_batch_size: 8,
        batching: batching.into(),
        ..Scheduling::default()
    };
    Queue::new(&scheduling, 100)
}

fn limited(policy: QueuePolicy) -> Queue<Photo> {
    queue(Batching {
        queue: policy,
        ..batching(&[8], ms(0))
    })
}

impl Queue<Photo> {
    fn with(mut self, sizes: &[usize], now: Instant) -> Self {
        for items in sizes {
            self.push(photos(*items), None, now).unwrap();
        }
        self
    }

    /// The sizes of the requests that run now; none when the instance waits.
    fn runs(&mut self, now: Instant) -> Vec<usize> {
        self.sweep(now);
        match self.next(now) {
            Next::Run(batch) => batch.iter().map(|photo| photo.items).collect(),
            Next::WaitUntil(_) | Next::Wait => Vec::new(),
        }
    }
}

#[test]
fn an_empty_queue_waits() {
    assert_eq!(queue(None).next(Instant::now()), Next::Wait);
    let mut batching = queue(batching(&[4], ms(5)));
    assert_eq!(batching.next(Instant::now()), Next::Wait);
}

#[test]
fn without_dynamic_batching_each_runs_alone_in_order() {
    let now = Instant::now();
    let mut queue = queue(None).with(&[1, 3, 2], now);
    assert_eq!(queue.runs(now), [1]);
    assert_eq!(queue.runs(now), [3]);
    assert_eq!(queue.runs(now), [2]);
    assert!(queue.is_empty());
}

#[test]
fn without_a_batch_dimension_each_runs_alone_and_at_once() {
    let scheduling = Scheduling {
        max_batch_size: 0,
        batching: Some(batching(&[1], ms(100))),
        ..Scheduling::default()
    };
    let now = Instant::now();
    let mut queue = Queue::new(&scheduling, 100).with(&[1, 1], now);
    assert_eq!(queue.runs(now), [1]);
    assert_eq!(queue.runs(now), [1]);
}

#[test]
fn without_a_delay_whatever_is_there_runs() {
    let now = Instant::now();
    let mut queue = queue(batching(&[8], ms(0))).with(&[1, 2, 1], now);
    assert_eq!(queue.runs(now), [1, 2, 1]);
}

#[test]
fn a_batch_holds_at_most_max_batch_size_items() {
    let now = Instant::now();
    let mut queue = queue(batching(&[8], ms(0))).with(&[3, 3, 3, 8, 1], now);
    assert_eq!(queue.runs(now), [3, 3]);
    assert_eq!(queue.runs(now), [3]);
    assert_eq!(queue.runs(now), [8]);
    assert_eq!(queue.runs(now), [1]);
}

#[test]
fn the_largest_preferred_size_runs_at_once() {
    let now = Instant::now();
    let mut queue = queue(batching(&[2, 4], ms(100))).with(&[1; 7], now);
    assert_eq!(queue.runs(now), [1; 4]);
    assert_eq!(queue.runs(now), [1; 2]);
    // One is left, and waits for a second.
    assert_eq!(queue.next(now), Next::WaitUntil(now + ms(100)));
    queue.push(photos(1), None, now + ms(1)).unwrap();
    assert_eq!(queue.runs(now + ms(1)), [1; 2]);
}

#[test]
fn sizes_that_miss_the_largest_preferred_one_run_below_it() {
    let now = Instant::now();
    let mut queue = queue(batching(&[4], ms(100))).with(&[3, 3], now);
    assert_eq!(queue.runs(now), [3]);
    assert_eq!(queue.next(now), Next::WaitUntil(now + ms(100)));
}

#[test]
fn the_oldest_waits_no_longer_than_the_delay() {
    let start = Instant::now();
    let mut queue = queue(batching(&[8], ms(10))).with(&[1], start);
    assert_eq!(queue.next(start), Next::WaitUntil(start + ms(10)));
    queue.push(photos(2), None, start + ms(9)).unwrap();
    assert_eq!(queue.next(start + ms(9)), Next::WaitUntil(start + ms(10)));
    assert_eq!(queue.runs(start + ms(10)), [1, 2]);
}

#[test]
fn after_the_delay_more_runs_than_the_preferred_size() {
    let start = Instant::now();
    let mut queue = queue(batching(&[2], ms(10))).with(&[1, 1, 1], start);
    assert_eq!(queue.runs(start + ms(10)), [1, 1, 1]);
}

#[test]
fn a_batch_that_cannot_grow_does_not_wait() {
    let now = Instant::now();
    let mut full = queue(batching(&[4], ms(100))).with(&[5], now);
    assert_eq!(full.runs(now), [5], "it is past the largest preferred size");
    let mut mixed = queue(batching(&[8], ms(100))).with(&[1, 1], now);
    let other = Photo {
        kind: 'b',
        ..photos(2)
    };
    mixed.push(other, None, now).unwrap();
    assert_eq!(mixed.runs(now), [1, 1], "the next one is of another kind");
    assert_eq!(mixed.next(now), Next::WaitUntil(now + ms(100)));
}

#[test]
fn a_full_queue_takes_no_more() {
    let now = Instant::now();
    let policy = QueuePolicy {
        max_size: Some(2),
        ..QueuePolicy::default()
    };
    let mut queue = limited(policy).with(&[1, 1], now);
    assert!(queue.is_full());
    assert_eq!(queue.push(photos(1), None, now), Err(Full { capacity: 2 }));
    assert_eq!(queue.runs(now), [1, 1]);
    assert_eq!(queue.push(photos(1), None, now), Ok(None));
}

#[test]
fn the_servers_own_limit_holds_beside_the_configs() {
    let policy = QueuePolicy {
        max_size: Some(1000),
        ..QueuePolicy::default()
    };
    let now = Instant::now();
    let mut queue = limited(policy).with(&[1; 100], now);
    let full = Err(Full { capacity: 100 });
    assert_eq!(queue.push(photos(1), None, now), full);
}

#[test]
fn those_whose_client_has_gone_take_no_place_and_do_not_run() {
    let now = Instant::now();
    let policy = QueuePolicy {
        max_size: Some(2),
        ..QueuePolicy::default()
    };
    let mut queue = limited(policy).with(&[1], now);
    queue.push(GONE, None, now).unwrap();
    assert_eq!(queue.sweep(now).abandoned, [GONE]);
    queue.push(photos(2), None, now).unwrap();
    assert_eq!(queue.runs(now), [1, 2]);
}

#[test]
fn what_has_expired_is_turned_away() {
    let start = Instant::now();
    let policy = QueuePolicy {
        timeout: Some(ms(10)),
        ..QueuePolicy::default()
    };
    let mut queue = limited(policy);
    let deadline = queue.push(photos(1), None, start).unwrap();
    assert_eq!(deadline, Some(start + ms(10)));
    queue.push(photos(2), None, start + ms(1)).unwrap();
    assert_eq!(queue.sweep(start + ms(9)).expired, []);
    assert_eq!(queue.sweep(start + ms(10)).expired, [photos(1)]);
    assert_eq!(queue.runs(start + ms(10)), [2]);
}

#[test]
fn what_has_expired_goes_behind_the_others_where_the_config_says_so() {
    let start = Instant::now();
    let policy = QueuePolicy {
        timeout: Some(ms(10)),
        delay_expired: true,
        ..QueuePolicy::default()
    };
    let mut queue = limited(policy);
    let deadline = queue.push(photos(1), None, start).unwrap();
    assert_eq!(deadline, None, "nobody has to turn it away");
    queue.push(photos(2), None, start).unwrap();
    queue.push(photos(3), None, start + ms(5)).unwrap();
    assert_eq!(queue.sweep(start + ms(10)).expired, []);
    assert_eq!(queue.runs(start + ms(10)), [3, 1, 2]);
}

#[test]
fn a_request_may_shorten_its_wait_but_not_make_it_longer() {
    let now = Instant::now();
    let deadline = |timeout, allow_override, asked| {
        let policy = QueuePolicy {
            timeout,
            allow_override,
            ..QueuePolicy::default()
        };
        let deadline = limited(policy).push(photos(1), asked, now).unwrap();
        deadline.map(|deadline| deadline - now)
    };
    let ten = Some(ms(10));
    assert_eq!(deadline(ten, true, Some(ms(3))), Some(ms(3)));
    assert_eq!(deadline(ten, true, Some(ms(30))), ten);
    assert_eq!(deadline(ten, true, Some(ms(0))), ten, "0 asks for nothing");
    assert_eq!(deadline(ten, false, Some(ms(3))), ten);
    assert_eq!(deadline(None, true, Some(ms(3))), None);
}

#[test]
fn a_wait_for_others_ends_when_a_request_expires() {
    let start = Instant::now();
    let policy = QueuePolicy {
        timeout: Some(ms(4)),
        ..QueuePolicy::default()
    };
    let mut queue = queue(Batching {
        queue: policy,
        ..batching(&[8], ms(10))
    })
    .with(&[1], start);
    assert_eq!(queue.next(start), Next::WaitUntil(start + ms(4)));
}
