//! The number of uses that were noted without their IP address.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::model::timestamp::Timestamp;

#[derive(Default)]
pub struct Unaddressed {
    /// Calls since they were last logged.
    calls: AtomicU64,
    logged_at: AtomicI64,
}

impl Unaddressed {
    pub fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Logs that there were some, at most once in `interval` seconds.
    pub fn log(&self, now: Timestamp, interval: i64) {
        let last = Timestamp::from_unix(self.logged_at.load(Ordering::Relaxed));
        if now.seconds_since(last) < interval {
            return;
        }
        let calls = self.calls.swap(0, Ordering::Relaxed);
        if calls > 0 {
            self.logged_at.store(now.unix(), Ordering::Relaxed);
            tracing::warn!(
                calls,
                "tokens are used from more addresses than are noted: these calls were noted without"
            );
        }
    }
}
