//! Rows of sessions.

use super::row;
use crate::model::{
    session::{SessionId, SessionSummary},
    timestamp::Timestamp,
};

row! {
    record pub struct SessionRow {
        id: i64,
        user_agent: String,
        created_at: i64,
        last_seen_at: i64,
    }
}

impl From<SessionRow> for SessionSummary {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId(row.id),
            user_agent: row.user_agent,
            created_at: Timestamp::from_unix(row.created_at),
            last_seen_at: Timestamp::from_unix(row.last_seen_at),
        }
    }
}
