//! The time of day, as a part that can be replaced.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::domain::timestamp::Timestamp;

/// Tells the time. Tests set it forward and back.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    offset: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            offset: Arc::default(),
        }
    }
}

impl Clock {
    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        // A clock before 1970 reads as 1970: times only decide what is older, never what is allowed for ever.
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix(seconds.saturating_add(self.offset.load(Ordering::Relaxed)))
    }

    /// How long it has run. It goes on evenly when the clock on the wall is set.
    pub fn uptime(&self) -> Duration {
        let moved = self.offset.load(Ordering::Relaxed);
        let moved = Duration::from_secs(u64::try_from(moved).unwrap_or_default());
        self.started.elapsed() + moved
    }

    /// Moves this clock and all its copies by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }
}
