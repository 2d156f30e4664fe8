//! Who may wait for a hash when many want one.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How well is known who asks. Each kind has places of its own in the queue, so that strangers never take those of
/// somebody who is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is known.
    Anybody,
    /// Nothing, but that few tries came from that network.
    Newcomer,
    /// They have a session, or they have logged in before with that browser or from that address.
    Known,
}

/// The places of those that are being hashed for and of those that wait for it. A hash takes some 30 ms: what strangers
/// wait for is over within a second.
pub(super) struct Queue {
    anybody: Arc<Semaphore>,
    newcomers: Arc<Semaphore>,
    known: Arc<Semaphore>,
}

impl Queue {
    /// For so many hashes at a time.
    pub(super) fn new(turns: usize) -> Self {
        let places = |waiting: usize| Arc::new(Semaphore::new(turns + waiting));
        Self {
            anybody: places(16),
            newcomers: places(8),
            known: places(40),
        }
    }

    /// A place, if one is free.
    pub(super) fn enter(&self, standing: Standing) -> Option<Place> {
        let places = match standing {
            Standing::Anybody => &self.anybody,
            Standing::Newcomer => &self.newcomers,
            Standing::Known => &self.known,
        };
        Arc::clone(places).try_acquire_owned().ok().map(Place)
    }
}

/// A place in the queue. It is free again when this is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "it is held, and no more")] OwnedSemaphorePermit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_never_take_the_places_of_those_who_are_known() {
        use Standing::{Anybody, Known, Newcomer};
        let queue = Queue::new(1);
        let mut taken = Vec::new();
        for (standing, places) in [(Anybody, 17), (Newcomer, 9), (Known, 41)] {
            let before = taken.len();
            taken.extend(std::iter::from_fn(|| queue.enter(standing)));
            assert_eq!(taken.len() - before, places, "{standing:?}");
        }
        taken.pop();
        assert!(queue.enter(Anybody).is_none());
        assert!(queue.enter(Newcomer).is_none());
        assert!(queue.enter(Known).is_some());
    }
}
