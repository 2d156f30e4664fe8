//! Settings of the connections to the database.

use std::{num::NonZeroU32, time::Duration};

use super::deadlines;

/// How many connections there may be, and how long a request waits for one.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Maximum number of connections to PostgreSQL; `None` means 10. A SQLite file always has the same few: one writes, one
    /// looks up tokens and sessions, one reads everything else.
    pub most: Option<NonZeroU32>,
    /// How long a request waits for a free connection before it is answered with a 503.
    pub wait: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: None,
            wait: deadlines::CONNECTION,
        }
    }
}
