//! Failures made to order, so that tests can break every statement in turn.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::StoreError;

/// Counts statements and fails the one that a test has chosen. In production none ever is.
#[derive(Clone, Debug)]
pub struct Faults {
    seen: Arc<AtomicUsize>,
    fails_at: Arc<AtomicUsize>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            seen: Arc::default(),
            fails_at: Arc::new(AtomicUsize::new(Self::NONE)),
        }
    }
}

impl Faults {
    const NONE: usize = usize::MAX;

    /// Fails the statement that comes after `n` others from now on, as if the disk had.
    pub fn fail_at(&self, n: usize) {
        self.seen.store(0, Ordering::SeqCst);
        self.fails_at.store(n, Ordering::SeqCst);
    }

    /// Fails nothing more, and counts from nought.
    pub fn stop(&self) {
        self.fail_at(Self::NONE);
    }

    /// Statements since then, the failed one included; beginning and committing count, too.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }

    pub(super) fn strike(&self) -> Result<(), StoreError> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        if seen == self.fails_at.load(Ordering::Relaxed) {
            // Tests look for this text where no cause belongs.
            let cause = std::io::Error::other("SELECT a_fault FROM made_to_order");
            return Err(StoreError::Statement(sqlx::Error::Io(cause)));
        }
        Ok(())
    }
}
