//! Rows of sessions.

use super::row;
use crate::{
    model::{
        address::Address,
        session::{SessionId, SessionSummary},
        timestamp::Timestamp,
    },
    server::store::StoreError,
};

row! {
    record pub struct SessionRow {
        id: i64,
        user_agent: String,
        created_at: i64,
        last_seen_at: i64,
        address: Option<String>,
    }
}

impl SessionRow {
    pub fn into_summary(self) -> Result<SessionSummary, StoreError> {
        let address = self.address.map(|address| address.parse::<Address>());
        Ok(SessionSummary {
            id: SessionId(self.id),
            user_agent: self.user_agent,
            address: address.transpose().map_err(|_| StoreError::BadRow {
                table: "sessions",
                id: self.id,
            })?,
            created_at: Timestamp::from_unix(self.created_at),
            last_seen_at: Timestamp::from_unix(self.last_seen_at),
        })
    }
}
