//! Power of two choices: of two replicas drawn at random, the one with less to do. Nearly as even
//! as asking all of them, without all requests running to the one that was idle last
//! (M. Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, 2001).

/// Which of `count` to take; `load` says how much each has to do, `random` is any number.
pub(super) fn choose(count: usize, load: impl Fn(usize) -> usize, random: u64) -> Option<usize> {
    match count {
        0 => return None,
        1 => return Some(0),
        _ => {}
    }
    let (high, low) = ((random >> 32) as usize, random as u32 as usize);
    let first = high % count;
    // Another one: 1 to count - 1 places further.
    let second = (first + 1 + low % (count - 1)) % count;
    Some(match load(second) < load(first) {
        true => second,
        false => first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;

    fn drawn(loads: &[usize], draws: usize) -> Vec<usize> {
        let mut counts = vec![0; loads.len()];
        for _ in 0..draws {
            counts[choose(loads.len(), |at| loads[at], random::number()).unwrap()] += 1;
        }
        counts
    }

    #[test]
    fn of_two_the_less_loaded_is_taken() {
        assert_eq!(drawn(&[3, 1], 200), [0, 200]);
        assert_eq!(drawn(&[0, 1], 200), [200, 0]);
    }

    #[test]
    fn the_most_loaded_of_three_is_never_taken_and_both_others_are() {
        let counts = drawn(&[9, 1, 2], 600);
        assert_eq!(counts[0], 0);
        assert!(counts[1] > counts[2] && counts[2] > 0, "{counts:?}");
    }

    #[test]
    fn equals_share() {
        let counts = drawn(&[0, 0, 0, 0], 4000);
        assert!(counts.iter().all(|count| *count > 800), "{counts:?}");
    }

    #[test]
    fn of_none_there_is_none_and_of_one_it_is_that() {
        assert_eq!(choose(0, |_| 0, 7), None);
        assert_eq!(choose(1, |_| 0, 7), Some(0));
    }
}
