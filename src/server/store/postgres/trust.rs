//! The age up to which connections are believed to work.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Since when connections are believed to work. Shared by all connections of a pool.
#[derive(Clone, Debug)]
pub struct Trust(Arc<Mutex<Instant>>);

impl Default for Trust {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Trust {
    /// Has every connection replaced that was opened before this moment.
    pub fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether a connection of this age was opened since.
    pub fn covers(&self, age: Duration) -> bool {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        age < since.elapsed()
    }
}
