//! The counts of one limit, in bounded memory.

use std::{
    hash::Hash,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use governor::{
    Quota,
    clock::Clock as _,
    nanos::Nanos,
    state::{
        InMemoryState, NotKeyed, StateStore,
        keyed::{DashMapStateStore, ShrinkableKeyedStateStore},
    },
};

use crate::server::clock::Clock;

/// Keys of a limit at most; new ones then share one count until some are removed.
pub(super) const MAX_KEYS: usize = 100_000;

/// The counts of all keys. A known key has its own, however many others there are.
pub(super) struct Counts<K: Eq + Hash> {
    own: DashMapStateStore<K>,
    newcomers: InMemoryState,
    /// A lower bound of how many more keys fit.
    room: AtomicUsize,
    swept_at: AtomicU64,
    clock: Monotonic,
    started: Duration,
    /// After this time an unused count is back at its start.
    replenished: Duration,
}

impl<K: Clone + Eq + Hash> Counts<K> {
    pub(super) fn new(quota: Quota, clock: Monotonic) -> Self {
        Self {
            own: DashMapStateStore::default(),
            newcomers: InMemoryState::default(),
            room: AtomicUsize::default(),
            swept_at: AtomicU64::default(),
            started: clock.now(),
            clock,
            replenished: quota.replenish_interval(),
        }
    }

    /// Reserves room for one more key, if there is any. Counting the keys locks each part of the map, so they are not
    /// counted again before the room of the last count is used up.
    fn take_room(&self) -> bool {
        let less = |room: usize| room.checked_sub(1);
        if self.room.fetch_update(Relaxed, Relaxed, less).is_ok() {
            return true;
        }
        let mut room = MAX_KEYS.saturating_sub(self.own.len());
        if room == 0 {
            self.forget();
            room = MAX_KEYS.saturating_sub(self.own.len());
        }
        self.room.store(room.saturating_sub(1), Relaxed);
        room > 0
    }

    /// Removes counts that are back at their start. Visits every key, so it runs once a second at most.
    fn forget(&self) {
        let now = self.clock.now();
        if self.swept_at.swap(now.as_secs(), Relaxed) != now.as_secs() {
            let drop_below = now.saturating_sub(self.started + self.replenished);
            self.own.retain_recent(Nanos::from(drop_below));
        }
    }
}

impl<K: Clone + Eq + Hash> StateStore for Counts<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        if let Some(count) = self.own.get(key) {
            return count.measure_and_replace(&NotKeyed::NonKey, measure);
        }
        if self.take_room() {
            self.own.measure_and_replace(key, measure)
        } else {
            self.newcomers
                .measure_and_replace(&NotKeyed::NonKey, measure)
        }
    }
}

/// Monotonic time: setting the system's clock has no effect on limits.
#[derive(Clone, Debug)]
pub(super) struct Monotonic(pub(super) Clock);

impl governor::clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.uptime()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<K: Clone + Eq + Hash> ShrinkableKeyedStateStore<K> for Counts<K> {
        fn retain_recent(&self, drop_below: Nanos) {
            self.own.retain_recent(drop_below);
        }

        fn len(&self) -> usize {
            self.own.len()
        }

        fn is_empty(&self) -> bool {
            self.own.is_empty()
        }
    }
}
