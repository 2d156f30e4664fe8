//! Interned `User-Agent` texts.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::server::actor::kept_user_agent;

/// Maximum number of interned texts.
const MAX_USER_AGENTS: usize = 1_000;

/// Each text once: few texts are used by many entries, and a copy of its own for each entry would be a cache miss whenever it
/// is compared.
#[derive(Default)]
pub struct UserAgents(Mutex<HashSet<Arc<str>>>);

impl UserAgents {
    pub fn intern(&self, text: &str) -> Arc<str> {
        let text = kept_user_agent(text);
        let mut known = self.known();
        if let Some(interned) = known.get(text) {
            return Arc::clone(interned);
        }
        let new = Arc::from(text);
        // A program that sends another text each time must not fill the memory.
        if known.len() < MAX_USER_AGENTS {
            known.insert(Arc::clone(&new));
        }
        new
    }

    pub fn drop_unused(&self) {
        self.known().retain(|text| Arc::strong_count(text) > 1);
    }

    fn known(&self) -> MutexGuard<'_, HashSet<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
