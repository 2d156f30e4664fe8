//! How many connections there may be, and how long one is waited for.

use std::{num::NonZeroU32, time::Duration};

use super::db::PATIENCE;

/// How many connections there may be, and how long one is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Connections to PostgreSQL; nothing for the usual number. A SQLite file has one that reads and one that
    /// writes.
    pub most: Option<NonZeroU32>,
    /// How long a request waits for one that is free. Then it is a 503.
    pub wait: Duration,
}

/// What becomes of a database that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IfMissing {
    /// It is made.
    Create,
    /// It is missed.
    Refuse,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: None,
            wait: PATIENCE,
        }
    }
}
