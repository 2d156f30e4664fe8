//! Which callers may queue for a hash when there are many.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How well a caller is known. Each kind has its own places in the queue, so that strangers never take the places of known
/// clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Unknown.
    Anybody,
    /// Unknown, from a network that few tries have come from.
    Newcomer,
    /// With a session, or with a browser or an IP address that has logged in before.
    Known,
}

/// The places of running and of queued hashes. A hash takes some 30 ms, so strangers wait for a second at most.
pub(super) struct Queue {
    anybody: Arc<Semaphore>,
    newcomers: Arc<Semaphore>,
    known: Arc<Semaphore>,
}

impl Queue {
    /// For so many hashes at a time.
    pub(super) fn new(threads: usize) -> Self {
        let places = |queued: usize| Arc::new(Semaphore::new(threads + queued));
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

/// A place in the queue, freed on drop.
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
