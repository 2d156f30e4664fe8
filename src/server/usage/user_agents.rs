//! What programs say they are.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Texts that are kept once for all entries at most.
const MAX_USER_AGENTS: usize = 1_000;

/// What programs say they are, once each: few are used by many, and a text of its own for each entry is in no cache when
/// it is compared.
#[derive(Default)]
pub(super) struct UserAgents(Mutex<HashSet<Arc<str>>>);

impl UserAgents {
    pub(super) fn the_one(&self, text: &str) -> Arc<str> {
        let mut known = self.known();
        if let Some(one) = known.get(text) {
            return Arc::clone(one);
        }
        let one = Arc::from(text);
        // Somebody who calls it something else each time must not fill the memory.
        if known.len() < MAX_USER_AGENTS {
            known.insert(Arc::clone(&one));
        }
        one
    }

    pub(super) fn forget_unused(&self) {
        self.known().retain(|one| Arc::strong_count(one) > 1);
    }

    fn known(&self) -> MutexGuard<'_, HashSet<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
