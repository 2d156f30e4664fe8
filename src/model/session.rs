//! Sessions as their owner sees them.

use serde::{Deserialize, Serialize};

use super::{device::device, timestamp::Timestamp};

/// Which session: the number by which its owner ends it. It is not the cookie's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub i64);

/// One row of the list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// Which session.
    pub id: SessionId,
    /// What the browser says it is.
    pub user_agent: String,
    /// When it logged in.
    pub created_at: Timestamp,
    /// When it was last seen, to about a minute.
    pub last_seen_at: Timestamp,
}

impl SessionSummary {
    /// Browser and system in words, as far as the browser tells: `Firefox on Linux`.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }
}
