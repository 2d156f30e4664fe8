//! The time of day, as a part that can be replaced.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use crate::domain::timestamp::Timestamp;

/// Tells the time. Tests set it forward and back.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
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

    /// Moves this clock and all its copies by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }
}
