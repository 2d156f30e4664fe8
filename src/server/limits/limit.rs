//! One limit: a count for each key.

use std::{fmt, hash::Hash, sync::Arc};

use governor::{
    Quota, RateLimiter,
    clock::Clock as _,
    middleware::{StateInformationMiddleware, StateSnapshot},
};

use super::{
    allowance::{Allowance, PerMinute},
    counts::{Counts, Monotonic},
};
use crate::{
    model::error::AppError,
    server::{clock::Clock, metrics},
};

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

    pub(super) fn take(&self, key: K) -> Result<Allowance, Exceeded> {
        match self.limiter.check_key(&key) {
            Ok(snapshot) => Ok(self.left(&snapshot)),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                // Rounded up: a second earlier it would be refused again.
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Exceeded {
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

/// A limit is exceeded. The caller decides about the request: another limit may still admit it.
#[derive(Clone, Copy, Debug)]
pub struct Exceeded {
    limit: &'static str,
    burst: PerMinute,
    retry_after: u32,
}

impl Exceeded {
    /// Logs and counts that the request is refused, and returns the error to respond with.
    pub fn report(self) -> AppError {
        let Self {
            limit, retry_after, ..
        } = self;
        metrics::count(&metrics::LIMITED, limit);
        tracing::warn!(limit, retry_after, "too many requests");
        AppError::TooManyRequests { retry_after }
    }

    /// What remains after it.
    pub(super) fn allowance(&self) -> Allowance {
        Allowance {
            limit: self.burst,
            remaining: 0,
            reset: 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::limits::counts::MAX_KEYS;

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
