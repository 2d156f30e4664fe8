//! Faults that tests inject into statements.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use super::StoreError;

/// A hook that runs before each statement. Only tests install it; without it nothing is counted.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<OnceLock<Hook>>);

#[derive(Debug)]
struct Hook {
    seen: AtomicUsize,
    fails_at: AtomicUsize,
    lists: Mutex<Lists>,
    changed: Condvar,
}

/// Whether reads of lists are held up, and how many of them.
#[derive(Debug, Default)]
struct Lists {
    are_held: bool,
    waiting: usize,
}

const NEVER: usize = usize::MAX;

impl Faults {
    /// Fails the statement that comes after `n` others from now on, as if the disk had.
    pub fn fail_at(&self, n: usize) {
        let hook = self.hook();
        hook.seen.store(0, Ordering::SeqCst);
        hook.fails_at.store(n, Ordering::SeqCst);
    }

    /// Fails no further statement, and starts counting from zero.
    pub fn stop(&self) {
        self.fail_at(NEVER);
    }

    /// Statements since then, including the failed one; beginning and committing count, too.
    pub fn seen(&self) -> usize {
        self.hook().seen.load(Ordering::SeqCst)
    }

    /// Blocks the SQLite reader of lists in the middle of its next statement, until [`Self::release_lists`].
    pub fn hold_lists(&self) {
        self.hook().lists().are_held = true;
    }

    /// How many lists are blocked.
    pub fn held_lists(&self) -> usize {
        self.hook().lists().waiting
    }

    /// Lets the reader of lists go on.
    pub fn release_lists(&self) {
        self.hook().lists().are_held = false;
        self.hook().changed.notify_all();
    }

    /// Called before each statement.
    pub(super) fn before_statement(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), Hook::count)
    }

    /// Called by the SQLite reader of lists, inside its transaction.
    pub(super) fn before_list(&self) {
        if let Some(hook) = self.0.get() {
            hook.wait();
        }
    }

    fn hook(&self) -> &Hook {
        self.0.get_or_init(|| Hook {
            seen: AtomicUsize::new(0),
            fails_at: AtomicUsize::new(NEVER),
            lists: Mutex::default(),
            changed: Condvar::new(),
        })
    }
}

impl Hook {
    fn count(&self) -> Result<(), StoreError> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        if seen == self.fails_at.load(Ordering::Relaxed) {
            // Tests look for this text where no cause may be shown.
            let cause = std::io::Error::other("SELECT a_fault FROM made_to_order");
            return Err(StoreError::Statement(sqlx::Error::Io(cause)));
        }
        Ok(())
    }

    fn wait(&self) {
        let mut lists = self.lists();
        lists.waiting += 1;
        let waited = self.changed.wait_while(lists, |lists| lists.are_held);
        waited.unwrap_or_else(PoisonError::into_inner).waiting -= 1;
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
