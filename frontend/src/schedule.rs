//! Which photo is worked on next: pure, so that it can be tested without a browser.
//!
//! Photos are prepared in order, as many at once as there are workers, and asked about in the order
//! in which they are ready, at most [`MAX_ASKING`] at once, and none while the server is away. The
//! one that somebody works on goes before the others.

use std::collections::VecDeque;

use crate::state::PhotoId;

/// Most requests at once: one runs in the model while the next one is on its way.
pub(crate) const MAX_ASKING: usize = 2;

/// Most photos on their way from elsewhere at once.
const MAX_FETCHING: usize = 4;

/// What to begin now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Hand the photo to the worker.
    Prepare(PhotoId),
    /// Send its tensor to the server.
    Ask(PhotoId),
}

/// The photos that are not settled, each in exactly one of the six places.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Most photos that are prepared at once.
    workers: usize,
    to_prepare: VecDeque<PhotoId>,
    /// Photos that cannot even be prepared before the server is back.
    held: Vec<PhotoId>,
    preparing: Vec<PhotoId>,
    /// Photos that come from elsewhere, and are still on their way.
    fetching: Vec<PhotoId>,
    to_ask: VecDeque<PhotoId>,
    asking: Vec<PhotoId>,
    /// The photo that somebody works on.
    preferred: Option<PhotoId>,
}

impl Schedule {
    /// For so many workers.
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            workers,
            to_prepare: VecDeque::new(),
            held: Vec::new(),
            preparing: Vec::new(),
            fetching: Vec::new(),
            to_ask: VecDeque::new(),
            asking: Vec::new(),
            preferred: None,
        }
    }

    /// From now on this photo goes first wherever it stands in line.
    pub(crate) fn prefer(&mut self, photo: PhotoId) {
        self.preferred = Some(photo);
    }

    /// A new photo, or one to be prepared again: it goes to the end of the line.
    pub(crate) fn add(&mut self, photo: PhotoId) {
        self.drop_photo(photo);
        match self.preferred == Some(photo) {
            true => self.to_prepare.push_front(photo),
            false => self.to_prepare.push_back(photo),
        }
    }

    /// A photo that comes from elsewhere lets others into the worker meanwhile, as long as not too
    /// many are on their way.
    pub(crate) fn fetch(&mut self, photo: PhotoId) {
        if self.fetching.len() < MAX_FETCHING {
            self.drop_photo(photo);
            self.fetching.push(photo);
        }
    }

    /// A photo whose tensor is there.
    pub(crate) fn prepared(&mut self, photo: PhotoId) {
        self.drop_photo(photo);
        match self.preferred == Some(photo) {
            true => self.to_ask.push_front(photo),
            false => self.to_ask.push_back(photo),
        }
    }

    /// A photo that the server did not hear of: it stays first in line.
    pub(crate) fn ask_again(&mut self, photo: PhotoId) {
        self.drop_photo(photo);
        self.to_ask.push_front(photo);
    }

    /// A photo that needs the server to be prepared, and the server is away.
    pub(crate) fn hold(&mut self, photo: PhotoId) {
        self.drop_photo(photo);
        self.held.push(photo);
    }

    /// A photo that is settled, removed or stopped.
    pub(crate) fn drop_photo(&mut self, photo: PhotoId) {
        self.to_prepare.retain(|p| *p != photo);
        self.held.retain(|p| *p != photo);
        self.to_ask.retain(|p| *p != photo);
        self.asking.retain(|p| *p != photo);
        self.fetching.retain(|p| *p != photo);
        self.preparing.retain(|p| *p != photo);
    }

    /// Whether a worker has this photo.
    pub(crate) fn is_preparing(&self, photo: PhotoId) -> bool {
        self.preparing.contains(&photo)
    }

    /// Every photo that is not settled.
    pub(crate) fn unsettled(&self) -> Vec<PhotoId> {
        let places = self.asking.iter().chain(&self.to_ask);
        let places = places.chain(&self.preparing).chain(&self.to_prepare);
        let places = places.chain(&self.held).chain(&self.fetching);
        places.copied().collect()
    }

    /// What can begin now; what it returns counts as begun.
    ///
    /// `recipe_known`: a model is chosen, so that the worker knows what to make.
    /// `server_here`: it makes sense to ask.
    pub(crate) fn next(&mut self, recipe_known: bool, server_here: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        if server_here {
            for photo in self.held.drain(..).rev() {
                self.to_prepare.push_front(photo);
            }
        }
        while server_here && self.asking.len() < MAX_ASKING {
            let Some(photo) = self.to_ask.pop_front() else {
                break;
            };
            self.asking.push(photo);
            steps.push(Step::Ask(photo));
        }
        while recipe_known && self.preparing.len() < self.workers {
            let Some(photo) = self.to_prepare.pop_front() else {
                break;
            };
            self.preparing.push(photo);
            steps.push(Step::Prepare(photo));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(photos: &[u32]) -> Schedule {
        let mut schedule = Schedule::new(1);
        photos.iter().for_each(|n| schedule.add(PhotoId(*n)));
        schedule
    }

    #[test]
    fn one_photo_is_prepared_at_a_time_and_in_order() {
        let mut schedule = of(&[1, 2]);
        assert_eq!(schedule.next(true, true), [Step::Prepare(PhotoId(1))]);
        assert_eq!(schedule.next(true, true), []);
        schedule.prepared(PhotoId(1));
        assert_eq!(
            schedule.next(true, true),
            [Step::Ask(PhotoId(1)), Step::Prepare(PhotoId(2))]
        );
    }

    #[test]
    fn as_many_photos_are_prepared_at_once_as_there_are_workers() {
        let mut schedule = Schedule::new(2);
        (1..=3).for_each(|n| schedule.add(PhotoId(n)));
        let prepared = |n| Step::Prepare(PhotoId(n));
        assert_eq!(schedule.next(true, false), [prepared(1), prepared(2)]);
        schedule.prepared(PhotoId(2));
        assert!(schedule.is_preparing(PhotoId(1)) && !schedule.is_preparing(PhotoId(2)));
        assert_eq!(schedule.next(true, false), [prepared(3)]);
        assert_eq!(schedule.unsettled().len(), 3);
    }

    #[test]
    fn two_requests_are_under_way_at_most() {
        let mut schedule = of(&[]);
        (1..=3).for_each(|n| schedule.prepared(PhotoId(n)));
        let asked = schedule.next(true, true);
        assert_eq!(asked, [Step::Ask(PhotoId(1)), Step::Ask(PhotoId(2))]);
        schedule.drop_photo(PhotoId(2));
        assert_eq!(schedule.next(true, true), [Step::Ask(PhotoId(3))]);
    }

    #[test]
    fn while_the_server_is_away_photos_are_prepared_and_wait() {
        let mut schedule = of(&[1]);
        schedule.prepared(PhotoId(7));
        assert_eq!(schedule.next(true, false), [Step::Prepare(PhotoId(1))]);
        assert_eq!(schedule.next(true, true), [Step::Ask(PhotoId(7))]);
    }

    #[test]
    fn a_photo_that_the_server_did_not_hear_of_stays_first() {
        let mut schedule = of(&[]);
        (1..=3).for_each(|n| schedule.prepared(PhotoId(n)));
        schedule.next(true, true);
        schedule.ask_again(PhotoId(1));
        schedule.drop_photo(PhotoId(2));
        let asked = schedule.next(true, true);
        assert_eq!(asked, [Step::Ask(PhotoId(1)), Step::Ask(PhotoId(3))]);
    }

    #[test]
    fn nothing_is_prepared_before_a_model_is_known() {
        let mut schedule = of(&[1]);
        assert_eq!(schedule.next(false, true), []);
        assert_eq!(schedule.next(true, true), [Step::Prepare(PhotoId(1))]);
    }

    #[test]
    fn a_photo_that_needs_the_server_is_held_and_then_comes_first() {
        let mut schedule = of(&[1, 2]);
        schedule.next(true, true);
        schedule.hold(PhotoId(1));
        assert_eq!(schedule.next(true, false), [Step::Prepare(PhotoId(2))]);
        schedule.drop_photo(PhotoId(2));
        schedule.add(PhotoId(3));
        assert_eq!(schedule.unsettled(), [PhotoId(3), PhotoId(1)]);
        assert_eq!(schedule.next(true, true), [Step::Prepare(PhotoId(1))]);
    }

    #[test]
    fn the_photo_that_somebody_works_on_goes_first() {
        let mut schedule = of(&[1, 2, 3]);
        schedule.next(true, false);
        schedule.prepared(PhotoId(1));
        schedule.prefer(PhotoId(4));
        schedule.add(PhotoId(4));
        assert_eq!(schedule.next(true, false), [Step::Prepare(PhotoId(4))]);
        schedule.prepared(PhotoId(4));
        assert_eq!(schedule.next(true, true)[0], Step::Ask(PhotoId(4)));
    }

    #[test]
    fn photos_on_their_way_from_elsewhere_let_others_pass_but_not_without_end() {
        let mut schedule = of(&[1, 2, 3, 4, 5, 6]);
        for photo in 1..=5 {
            assert_eq!(schedule.next(true, true), [Step::Prepare(PhotoId(photo))]);
            schedule.fetch(PhotoId(photo));
        }
        assert_eq!(schedule.next(true, true), []);
        schedule.prepared(PhotoId(2));
        schedule.fetch(PhotoId(5));
        let next = schedule.next(true, true);
        assert_eq!(next, [Step::Ask(PhotoId(2)), Step::Prepare(PhotoId(6))]);
        assert_eq!(schedule.unsettled().len(), 6);
    }

    #[test]
    fn a_removed_photo_leaves_room_for_the_next() {
        let mut schedule = of(&[1, 2, 3]);
        schedule.next(true, true);
        schedule.drop_photo(PhotoId(1));
        schedule.drop_photo(PhotoId(2));
        assert_eq!(schedule.next(true, true), [Step::Prepare(PhotoId(3))]);
        assert_eq!(schedule.unsettled(), [PhotoId(3)]);
    }
}
