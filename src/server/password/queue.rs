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

impl Standing {
    const ALL: [Self; 3] = [Self::Anybody, Self::Newcomer, Self::Known];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::Newcomer => "newcomer",
            Self::Known => "known",
        }
    }

    /// Its places beside those of running hashes.
    const fn queued(self) -> usize {
        match self {
            Self::Anybody => 16,
            Self::Newcomer => 8,
            Self::Known => 40,
        }
    }
}

/// The places of running and of queued hashes. A hash takes some 30 ms, so strangers wait for a second at most.
pub(super) struct Queue {
    threads: usize,
    anybody: Arc<Semaphore>,
    newcomers: Arc<Semaphore>,
    known: Arc<Semaphore>,
}

impl Queue {
    /// For so many hashes at a time.
    pub(super) fn new(threads: usize) -> Self {
        let places = |standing: Standing| Arc::new(Semaphore::new(threads + standing.queued()));
        Self {
            threads,
            anybody: places(Standing::Anybody),
            newcomers: places(Standing::Newcomer),
            known: places(Standing::Known),
        }
    }

    /// Each standing with its places that are taken, and how many it has.
    pub(super) fn places(&self) -> [(Standing, usize, usize); 3] {
        Standing::ALL.map(|standing| {
            let all = self.threads + standing.queued();
            (
                standing,
                all.saturating_sub(self.of(standing).available_permits()),
                all,
            )
        })
    }

    fn of(&self, standing: Standing) -> &Arc<Semaphore> {
        match standing {
            Standing::Anybody => &self.anybody,
            Standing::Newcomer => &self.newcomers,
            Standing::Known => &self.known,
        }
    }

    /// A place, if one is free.
    pub(super) fn enter(&self, standing: Standing) -> Option<Place> {
        Arc::clone(self.of(standing))
            .try_acquire_owned()
            .ok()
            .map(Place)
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
