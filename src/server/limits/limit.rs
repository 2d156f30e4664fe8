//! One limit: a count for each key, in bounded memory.

use std::{
    fmt,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::Clock as _,
    middleware::{StateInformationMiddleware, StateSnapshot},
    nanos::Nanos,
    state::{
        InMemoryState, NotKeyed, StateStore,
        keyed::{DashMapStateStore, ShrinkableKeyedStateStore},
    },
};

use super::{Allowance, PerMinute};
use crate::{model::error::AppError, server::clock::Clock};

/// Keys that a limit remembers; newcomers then share one count until some are forgotten.
const MAX_KEYS: usize = 100_000;

type Limiter<K> = RateLimiter<K, Counts<K>, Monotonic, StateInformationMiddleware>;

/// One limit.
#[derive(Clone)]
pub(super) struct Limit<K: Clone + Eq + Hash> {
    name: &'static str,
    burst: PerMinute,
    clock: Monotonic,
    limiter: Arc<Limiter<K>>,
}

impl<K: Clone + Eq + Hash + fmt::Debug> Limit<K> {
    pub(super) fn new(name: &'static str, per_minute: PerMinute, clock: &Clock) -> Self {
        Self::with_quota(name, Quota::per_minute(per_minute), clock)
    }

    pub(super) fn with_quota(name: &'static str, quota: Quota, clock: &Clock) -> Self {
        let clock = Monotonic(clock.clone());
        let counts = Counts::new(quota, clock.clone());
        Self {
            name,
            burst: quota.burst_size(),
            limiter: Arc::new(RateLimiter::new(quota, counts, clock.clone())),
            clock,
        }
    }

    pub(super) fn take(&self, key: K) -> Result<Allowance, Refusal> {
        match self.limiter.check_key(&key) {
            Ok(snapshot) => Ok(self.left(&snapshot)),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                // Rounded up: a second before that it would be refused again.
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Refusal {
                    limit: self.name,
                    burst: self.burst,
                    retry_after: u32::try_from(seconds).unwrap_or(u32::MAX).max(1),
                })
            }
        }
    }

    fn left(&self, snapshot: &StateSnapshot) -> Allowance {
        let remaining = snapshot.remaining_burst_capacity();
        let used = self.burst.get().saturating_sub(remaining);
        let reset = u64::from(used) * 60 / u64::from(self.burst.get());
        Allowance {
            limit: self.burst,
            remaining,
            reset: u32::try_from(reset).unwrap_or(60).max(1),
        }
    }
}

/// A limit says no. What becomes of the request is for whoever asked: there may be another count for it.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    limit: &'static str,
    burst: PerMinute,
    retry_after: u32,
}

impl Refusal {
    /// What is left after it.
    pub(super) fn allowance(&self) -> Allowance {
        Allowance {
            limit: self.burst,
            remaining: 0,
            reset: self.retry_after,
        }
    }
}

impl From<Refusal> for AppError {
    /// Logs it: this is the last word.
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            limit, retry_after, ..
        } = refusal;
        tracing::warn!(limit, retry_after, "too many requests");
        Self::TooManyRequests { retry_after }
    }
}

/// The counts of all keys. A key that is known has one of its own, however many others there are.
struct Counts<K: Eq + Hash> {
    own: DashMapStateStore<K>,
    newcomers: InMemoryState,
    /// For so many more keys there certainly is room.
    room: AtomicUsize,
    swept_at: AtomicU64,
    clock: Monotonic,
    started: Duration,
    /// What is older than this is as good as new.
    replenished: Duration,
}

impl<K: Clone + Eq + Hash> Counts<K> {
    fn new(quota: Quota, clock: Monotonic) -> Self {
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

    /// Takes the room for one more key, if there is some. To count the keys takes a lock for each part of the map, so
    /// they are not counted again before all the room that there was may be taken.
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

    /// Forgets those who have waited long enough, once a second at most: it means a look at everybody.
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

/// Time as limits measure it: it only ever goes forward, whatever is done to the clock on the wall.
#[derive(Clone, Debug)]
struct Monotonic(Clock);

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

    fn per_minute(count: u32) -> PerMinute {
        PerMinute::new(count).unwrap()
    }

    fn limit(count: u32) -> (Limit<u64>, Clock) {
        let clock = Clock::stopped();
        (Limit::new("test", per_minute(count), &clock), clock)
    }

    #[test]
    fn the_limit_is_reached_and_waited_out_as_the_answer_says() {
        let (limit, clock) = limit(6);
        for left in (0..6).rev() {
            assert_eq!(limit.take(1).unwrap().remaining, left);
        }
        let retry_after = limit.take(1).unwrap_err().retry_after;
        assert_eq!(retry_after, 10);
        clock.advance(i64::from(retry_after) - 1);
        assert!(limit.take(1).is_err(), "a second too early");
        clock.advance(1);
        assert!(limit.take(1).is_ok());
        assert!(limit.take(1).is_err(), "one, and no more");
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let (limit, clock) = limit(6);
        for _ in 0..1_000 {
            let _ = limit.take(1);
        }
        clock.advance(10);
        assert!(limit.take(1).is_ok());
    }

    #[test]
    fn each_key_has_a_count_of_its_own() {
        let (limit, _) = limit(1);
        assert!(limit.take(1).is_ok());
        assert!(limit.take(1).is_err());
        assert!(limit.take(2).is_ok());
    }

    #[test]
    fn a_clock_set_back_opens_nothing_and_shuts_nothing_out_for_long() {
        let (limit, clock) = limit(1);
        assert!(limit.take(1).is_ok());
        clock.advance(-3600);
        assert!(limit.take(1).is_err());
        clock.advance(3600 + 60);
        assert!(limit.take(1).is_ok());
    }

    #[test]
    fn the_memory_is_bounded_and_newcomers_then_share_one_count() {
        let (limit, clock) = limit(2);
        for key in 0..MAX_KEYS as u64 {
            assert!(limit.take(key).is_ok());
        }
        for key in 0..2 {
            assert!(limit.take(u64::MAX - key).is_ok());
        }
        assert!(limit.take(u64::MAX - 2).is_err());
        assert_eq!(limit.limiter.len(), MAX_KEYS);
        assert!(limit.take(0).is_ok(), "whoever is known has a count");
        assert!(limit.take(0).is_err(), "and no more than that");
        clock.advance(120);
        assert!(limit.take(u64::MAX).is_ok(), "the others are forgotten");
        assert!(limit.limiter.len() < MAX_KEYS);
    }
}
