//! So many of something, shared between clients that want it.
//!
//! A client may have at most four times what is free: alone four fifths of all, of two each four
//! ninths, and so on; so that there is always some for one who comes new, without a number that somebody
//! would have to choose for each client (dynamic thresholds: Choudhury and Hahne, 1998).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clients::Client;

/// How much of what is free a client may have.
const FACTOR: usize = 4;

/// What is shared.
#[derive(Debug)]
pub struct Pool {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    /// Of those that have some.
    by_client: HashMap<Client, usize>,
}

/// It is all taken, or the client has had its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// How much there is in all.
    pub most: usize,
}

impl Pool {
    /// With nothing taken.
    pub fn of(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            state: Mutex::default(),
        })
    }

    /// A client's share, empty at first.
    pub fn share(self: &Arc<Self>, client: Client) -> Share {
        Share {
            pool: Arc::clone(self),
            client,
            size: 0,
        }
    }

    /// How much there is in all.
    pub fn most(&self) -> usize {
        self.most
    }

    /// How much is taken.
    pub fn taken(&self) -> usize {
        self.lock().taken
    }

    fn take(&self, client: Client, amount: usize) -> Result<(), Full> {
        let mut state = self.lock();
        self.check(&state, client, amount)?;
        // Who takes nothing gives nothing back, and must not be remembered.
        if amount > 0 {
            state.taken += amount;
            *state.by_client.entry(client).or_default() += amount;
        }
        Ok(())
    }

    fn check(&self, state: &State, client: Client, amount: usize) -> Result<(), Full> {
        let free = self.most - state.taken;
        let has = state.by_client.get(&client).copied().unwrap_or(0);
        match amount <= free && has.saturating_add(amount) <= free.saturating_mul(FACTOR) {
            true => Ok(()),
            false => Err(Full { most: self.most }),
        }
    }

    fn give_back(&self, client: Client, amount: usize) {
        let mut state = self.lock();
        state.taken -= amount;
        if let Some(has) = state.by_client.get_mut(&client) {
            *has -= amount;
            if *has == 0 {
                state.by_client.remove(&client);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a client has of a pool, until it is dropped.
#[derive(Debug)]
pub struct Share {
    pool: Arc<Pool>,
    client: Client,
    size: usize,
}

impl Share {
    /// Whether it could grow by so much now.
    ///
    /// # Errors
    /// When it could not.
    pub fn could_grow(&self, amount: usize) -> Result<(), Full> {
        self.pool.check(&self.pool.lock(), self.client, amount)
    }

    /// Takes so much more.
    ///
    /// # Errors
    /// When there is not so much for this client; the share stays as it was.
    pub fn grow(&mut self, amount: usize) -> Result<(), Full> {
        self.pool.take(self.client, amount)?;
        self.size += amount;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.size > 0 {
            self.pool.give_back(self.client, self.size);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn client(number: u8) -> Client {
        Client::of(Ipv4Addr::new(192, 0, 2, number).into())
    }

    /// Takes one after the other until it gets no more.
    fn greedy(pool: &Arc<Pool>, number: u8) -> Vec<Share> {
        std::iter::from_fn(|| {
            let mut share = pool.share(client(number));
            share.grow(1).ok().map(|()| share)
        })
        .collect()
    }

    #[test]
    fn nobody_gets_all_and_whoever_comes_new_gets_some() {
        let pool = Pool::of(100);
        let first = greedy(&pool, 1);
        assert_eq!(first.len(), 80);
        let second = greedy(&pool, 2);
        assert!(second.len() >= 10, "{}", second.len());
        let third = greedy(&pool, 3);
        assert!(!third.is_empty());
        assert!(pool.share(client(1)).grow(1).is_err());
        drop((first, second, third));
        assert_eq!(pool.taken(), 0);
        assert!(pool.lock().by_client.is_empty());
    }

    #[test]
    fn two_greedy_ones_end_with_the_same() {
        let pool = Pool::of(90);
        let mut first = greedy(&pool, 1);
        let mut second = greedy(&pool, 2);
        // Each gives one back and takes what it can, as requests that end and begin.
        for _ in 0..200 {
            first.pop();
            first.extend(greedy(&pool, 1));
            second.pop();
            second.extend(greedy(&pool, 2));
        }
        assert!(
            first.len().abs_diff(second.len()) <= 4,
            "{} and {}",
            first.len(),
            second.len()
        );
    }

    #[test]
    fn a_share_that_cannot_grow_stays_as_it_was() {
        let pool = Pool::of(10);
        let mut share = pool.share(client(1));
        share.grow(8).unwrap();
        assert_eq!(share.grow(2), Err(Full { most: 10 }));
        assert_eq!(pool.taken(), 8);
        drop(share);
        assert_eq!(pool.taken(), 0);
    }

    #[test]
    fn who_takes_nothing_is_not_remembered() {
        let pool = Pool::of(10);
        pool.share(client(1)).grow(0).unwrap();
        assert!(pool.lock().by_client.is_empty());
    }

    #[test]
    fn a_pool_of_one_serves_one_at_a_time() {
        let pool = Pool::of(1);
        let mut share = pool.share(client(1));
        share.grow(1).unwrap();
        assert!(pool.share(client(2)).grow(1).is_err());
        drop(share);
        assert!(pool.share(client(2)).grow(1).is_ok());
    }
}
