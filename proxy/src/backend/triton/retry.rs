//! How many second tries there may be, so that replicas in trouble are not asked twice as much.

/// Second tries for a fifth of the requests: each request puts a fifth of a token in, each second
/// try takes a whole one out (as linkerd's and Finagle's retry budgets do).
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Fifths of a token.
    fifths: u32,
}

const TOKEN: u32 = 5;

/// Tokens at the start, so that the first requests have some, too.
const RESERVE: u32 = 10 * TOKEN;

/// Most tokens: what an hour of quiet has saved is not to be spent in a second.
const MOST: u32 = 100 * TOKEN;

impl Default for Budget {
    fn default() -> Self {
        Self { fifths: RESERVE }
    }
}

impl Budget {
    /// A request came.
    pub(super) fn deposit(&mut self) {
        self.fifths = (self.fifths + 1).min(MOST);
    }

    /// Whether a second try could be had.
    pub(super) fn has_token(self) -> bool {
        self.fifths >= TOKEN
    }

    /// Takes a second try, if there is one.
    pub(super) fn withdraw(&mut self) -> bool {
        let has_token = self.has_token();
        if has_token {
            self.fifths -= TOKEN;
        }
        has_token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second_tries(budget: &mut Budget, requests: u32) -> u32 {
        let mut granted = 0;
        for _ in 0..requests {
            budget.deposit();
            granted += u32::from(budget.withdraw());
        }
        granted
    }

    #[test]
    fn where_every_request_fails_a_fifth_is_tried_again() {
        let mut budget = Budget::default();
        second_tries(&mut budget, 50);
        assert_eq!(second_tries(&mut budget, 1000), 200);
    }

    #[test]
    fn the_first_requests_have_a_reserve() {
        assert_eq!(second_tries(&mut Budget::default(), 10), 10);
    }

    #[test]
    fn quiet_saves_no_more_than_a_hundred() {
        let mut budget = Budget::default();
        for _ in 0..100_000 {
            budget.deposit();
        }
        let mut granted = 0;
        while budget.withdraw() {
            granted += 1;
        }
        assert_eq!(granted, 100);
        assert!(!budget.has_token());
    }
}
