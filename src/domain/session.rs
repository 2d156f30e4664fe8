//! Sessions as their owner sees them.

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;

/// Which session: the number by which its owner ends it. It is not the cookie's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        let agent = self.user_agent.as_str();
        let first = |names: &[(&str, &'static str)]| {
            names
                .iter()
                .find(|(mark, _)| agent.contains(mark))
                .map(|(_, name)| *name)
        };
        // Order matters: every browser also names the ones it wants to be taken for.
        let browser = first(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(name), None) | (None, Some(name)) => name.to_owned(),
            (None, None) => "Unknown device".to_owned(),
        }
    }
}
