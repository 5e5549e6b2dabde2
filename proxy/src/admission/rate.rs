//! So many requests a second for each client: a token bucket, kept as the time at which it will be full
//! (the generic cell rate algorithm, ITU-T I.371).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clients::Client;

/// Clients that are remembered before the buckets are looked through for full ones.
const MOST: usize = 4096;

/// The buckets of all clients that have asked lately.
#[derive(Debug)]
pub struct Rate {
    per_second: u32,
    /// How long a token takes to come.
    interval: Duration,
    /// How long a whole bucket takes.
    burst: Duration,
    /// When each will be full; those that are need not be there.
    full_at: Mutex<HashMap<Client, Instant>>,
}

impl Rate {
    /// So many a second, and so many at once; none where there is no limit.
    pub fn new(per_second: u32, burst: usize) -> Option<Self> {
        let interval = Duration::from_secs(1).checked_div(per_second)?;
        let burst = u32::try_from(burst).unwrap_or(u32::MAX);
        Some(Self {
            per_second,
            interval,
            burst: interval.saturating_mul(burst),
            full_at: Mutex::default(),
        })
    }

    /// How many a second.
    pub fn per_second(&self) -> u32 {
        self.per_second
    }

    /// Takes one of the client's tokens.
    ///
    /// # Errors
    /// How long it takes for one to be there.
    pub fn take(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, at| *at > now);
        }
        // Addresses without end have emptied a bucket each: who is new must wait for one of them.
        if full_at.len() >= 16 * MOST && !full_at.contains_key(&client) {
            return Err(self.interval);
        }
        let at = full_at.get(&client).map_or(now, |at| (*at).max(now)) + self.interval;
        match (at - now).checked_sub(self.burst) {
            None | Some(Duration::ZERO) => {
                full_at.insert(client, at);
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn client(number: u32) -> Client {
        Client::of(IpAddr::V4(Ipv4Addr::from_bits(number)))
    }

    #[test]
    fn a_burst_then_so_many_a_second_and_others_do_not_suffer() {
        let rate = Rate::new(10, 5).unwrap();
        let begin = Instant::now();
        let taken = |who, at: f64| rate.take(client(who), begin + Duration::from_secs_f64(at));
        (0..5).for_each(|_| assert_eq!(taken(1, 0.0), Ok(())));
        assert_eq!(taken(1, 0.0), Err(Duration::from_millis(100)));
        assert_eq!(taken(2, 0.0), Ok(()));
        assert_eq!(taken(1, 0.1), Ok(()));
        assert!(taken(1, 0.1).is_err());
        // Full again, and no fuller.
        (0..5).for_each(|_| assert_eq!(taken(1, 60.0), Ok(())));
        assert!(taken(1, 60.0).is_err());
    }

    #[test]
    fn who_has_not_asked_for_long_is_forgotten() {
        let rate = Rate::new(10, 5).unwrap();
        let begin = Instant::now();
        for who in 0..MOST as u32 {
            rate.take(client(who), begin).unwrap();
        }
        rate.take(client(u32::MAX), begin + Duration::from_secs(1))
            .unwrap();
        assert_eq!(rate.full_at.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let rate = Rate::new(1, 5).unwrap();
        let begin = Instant::now();
        for who in 0..20 * MOST as u32 {
            rate.take(client(who), begin).ok();
        }
        assert!(rate.full_at.lock().unwrap().len() <= 16 * MOST);
        assert!(rate.take(client(0), begin).is_ok(), "who is known goes on");
    }

    #[test]
    fn none_is_no_limit() {
        assert!(Rate::new(0, 5).is_none());
    }
}
