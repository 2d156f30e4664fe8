//! A clock that tests can replace.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::model::timestamp::Timestamp;

/// The system's clock, or one that tests set forward and back.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    /// Moves by [`Clock::advance`] only.
    stopped_at: Option<Timestamp>,
    offset: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            stopped_at: None,
            offset: Arc::default(),
        }
    }
}

impl Clock {
    /// A clock that stands at the current time until it is moved.
    pub fn stopped() -> Self {
        let clock = Self::default();
        Self {
            stopped_at: Some(clock.now()),
            ..clock
        }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        let moved = self.offset.load(Ordering::Relaxed);
        if let Some(stopped_at) = self.stopped_at {
            return stopped_at.minus(-moved);
        }
        // A clock before 1970 reads as 1970: times only decide what is older, never what is allowed forever.
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix(seconds.saturating_add(moved))
    }

    /// Monotonic time since the start, which setting the system's clock does not change.
    pub fn uptime(&self) -> Duration {
        let moved = self.offset.load(Ordering::Relaxed);
        let moved = Duration::from_secs(u64::try_from(moved).unwrap_or_default());
        match self.stopped_at {
            Some(_) => moved,
            None => self.started.elapsed() + moved,
        }
    }

    /// Moves this clock and all its clones by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }
}
