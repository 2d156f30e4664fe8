//! Numbers of the whole database, for whoever watches it.

use super::{SessionLimits, Store, StoreError, rows::values};
use crate::model::timestamp::Timestamp;

/// Rows that are counted at most, so that to count them never takes long.
const MAX_COUNTED: u32 = 100_000;

/// Numbers as of one moment.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Sessions, at most 100,000.
    pub sessions: i64,
    /// Active tokens, at most 100,000.
    pub tokens: i64,
    /// When something was imported last.
    pub imported_at: Option<Timestamp>,
}

impl Store {
    /// Counts sessions within these limits and active tokens.
    pub async fn counted(&self, limits: SessionLimits) -> Result<Counted, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM (SELECT 1 FROM sessions \
            WHERE created_at > $1 AND last_seen_at > $2 LIMIT $3) counted_sessions), \
            (SELECT count(*) FROM (SELECT 1 FROM tokens \
            WHERE revoked_at IS NULL LIMIT $3) counted_tokens), (SELECT max(at) FROM imports)";
        let values = values![
            limits.created_after.unix(),
            limits.seen_after.unix(),
            MAX_COUNTED,
        ];
        let row: Option<(i64, i64, Option<i64>)> = self.read_one(sql, values).await?;
        let (sessions, tokens, imported_at) = row.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Counted {
            sessions,
            tokens,
            imported_at: imported_at.map(Timestamp::from_unix),
        })
    }
}
