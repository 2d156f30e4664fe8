//! Sessions, as their client sees them.

use serde::{Deserialize, Serialize};

use super::{address::Address, device::device, timestamp::Timestamp};

/// A session number. It is not the value of the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub i64);

/// A row of the list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// The session number.
    pub id: SessionId,
    /// `User-Agent` of the browser.
    pub user_agent: String,
    /// IP address that it began at; `None` if that was not recorded.
    pub address: Option<Address>,
    /// When the client logged in.
    pub created_at: Timestamp,
    /// Time of the last request, to about a minute.
    pub last_seen_at: Timestamp,
}

impl SessionSummary {
    /// Browser and operating system in words: `Firefox on Linux`.
    pub fn device(&self) -> String {
        device(&self.user_agent)
    }
}
