//! One Triton server as this one sees it: how much it has to do, and whether it is trusted.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::client::Client;
use super::fault::Fault;

/// A replica.
pub(super) struct Replica {
    /// `replica 1` for one: its name in answers and in the log.
    pub(super) name: String,
    pub(super) client: Client,
    /// Somebody wants it looked at now.
    pub(super) doubted: Notify,
    /// A connection to it broke: a server that has started anew may listen there.
    may_be_another: AtomicBool,
    /// Requests that it has not answered yet.
    in_flight: AtomicUsize,
    trust: Mutex<Trust>,
}

/// Whether requests go to a replica that its watch finds well.
#[derive(Debug, Default)]
struct Trust {
    /// It failed a request; until then it gets no other while there is someone else.
    left_out_until: Option<Instant>,
    /// How often it was left out since it last answered a request well.
    relapses: u32,
}

/// A request on its way; dropping it says that it is over, however it ended.
pub(super) struct Flight<'a>(&'a AtomicUsize);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Replica {
    pub(super) fn new(name: String, client: Client) -> Self {
        Self {
            name,
            client,
            doubted: Notify::new(),
            may_be_another: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            trust: Mutex::default(),
        }
    }

    /// Counts a request until what is returned is dropped.
    pub(super) fn take_off(&self) -> Flight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Flight(&self.in_flight)
    }

    /// How many requests it has not answered yet.
    pub(super) fn load(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Whether no request has failed on it since its watch found it well.
    pub(super) fn is_trusted(&self) -> bool {
        self.trust().left_out_until.is_none()
    }

    /// It answered a request well.
    pub(super) fn praise(&self) {
        self.trust().relapses = 0;
    }

    /// It failed a request: it is left out at once, and looked at.
    ///
    /// A watch that finds it well takes it back at once the first time, since the request may have
    /// been the reason; when that goes wrong again, `interval` later, then twice and four times.
    pub(super) fn blame(&self, fault: &Fault, interval: Duration) {
        const MOST_DOUBLINGS: u32 = 2;
        if matches!(fault, Fault::Unreachable(_) | Fault::Broken(_)) {
            self.may_be_another.store(true, Ordering::Relaxed);
        }
        let mut trust = self.trust();
        if trust.left_out_until.is_some() {
            return;
        }
        let pause = match trust.relapses {
            0 => Duration::ZERO,
            relapses => interval * (1 << (relapses - 1).min(MOST_DOUBLINGS)),
        };
        trust.left_out_until = Some(Instant::now() + pause);
        trust.relapses += 1;
        drop(trust);
        let (name, address) = (&self.name, self.client.address());
        tracing::warn!(replica = name, address, cause = %fault, "replica left out");
        self.doubted.notify_one();
    }

    /// Its watch finds it well: whether that takes it back.
    pub(super) fn pardon(&self) -> bool {
        let mut trust = self.trust();
        match trust.left_out_until {
            Some(until) if until <= Instant::now() => {
                trust.left_out_until = None;
                true
            }
            _ => false,
        }
    }

    /// Whether a connection to it broke since this was asked last.
    pub(super) fn may_be_another(&self) -> bool {
        self.may_be_another.swap(false, Ordering::Relaxed)
    }

    /// It was away and is back: what was before does not count.
    pub(super) fn acquit(&self) {
        *self.trust() = Trust::default();
    }

    fn trust(&self) -> std::sync::MutexGuard<'_, Trust> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;
    const LATER: Duration = Duration::from_secs(3600);

    fn replica() -> Replica {
        Replica::new("replica 1".into(), Client::new("127.0.0.1:1"))
    }

    fn fault() -> Fault {
        Fault::Nonsense("a word".into())
    }

    #[test]
    fn a_request_is_counted_until_it_is_over() {
        let replica = replica();
        let (one, two) = (replica.take_off(), replica.take_off());
        assert_eq!(replica.load(), 2);
        drop(one);
        assert_eq!(replica.load(), 1);
        drop(two);
        assert_eq!(replica.load(), 0);
    }

    #[test]
    fn the_first_fault_is_pardoned_at_the_next_look() {
        let replica = replica();
        replica.blame(&fault(), LATER);
        assert!(!replica.is_trusted());
        assert!(replica.pardon() && replica.is_trusted());
        assert!(!replica.pardon(), "nothing is left to be pardoned");
    }

    #[test]
    fn a_relapse_is_not_pardoned_at_once() {
        let replica = replica();
        replica.blame(&fault(), NOW);
        assert!(replica.pardon());
        replica.blame(&fault(), LATER);
        assert!(!replica.pardon() && !replica.is_trusted());
    }

    #[test]
    fn a_good_answer_between_two_faults_makes_the_second_a_first_one() {
        let replica = replica();
        replica.blame(&fault(), NOW);
        assert!(replica.pardon());
        replica.praise();
        replica.blame(&fault(), LATER);
        assert!(replica.pardon());
    }
}
