//! Calls with a valid token that were refused.

use super::record::DAYS;
use crate::{
    model::{
        activity::RECENT_DAYS,
        client::ClientId,
        timestamp::Timestamp,
        token::TokenId,
        usage::{RefusedCalls, day},
    },
    server::store::{MAX_ROWS, Store, StoreError, rows::values},
};

/// Calls with a token that were refused on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The token.
    pub token: TokenId,
    /// Days since 1970-01-01, in UTC.
    pub day: i64,
    /// The number of calls.
    pub calls: u32,
}

impl Store {
    /// Adds refused calls to those of the day.
    pub async fn record_refused(&self, refused: &Refused) -> Result<(), StoreError> {
        let Refused { token, day, calls } = *refused;
        let sql = "INSERT INTO token_days (token_id, day, calls, refused) \
            SELECT id, $2, 0, $3 FROM tokens WHERE id = $1 ON CONFLICT (token_id, day) \
            DO UPDATE SET refused = token_days.refused + excluded.refused";
        let values = values![token.0, day, i64::from(calls)];
        self.write(sql, values).await?;
        let sql = "DELETE FROM token_days WHERE token_id = $1 AND day <= $2";
        self.write(sql, values![token.0, day - DAYS]).await?;
        Ok(())
    }

    /// Calls of the last days that were refused, with any token of a client that is not revoked.
    pub async fn refused_calls_of(
        &self,
        client: ClientId,
        now: Timestamp,
    ) -> Result<RefusedCalls, StoreError> {
        let sql = "SELECT t.id, CAST(sum(d.refused) AS BIGINT) AS refused FROM tokens t \
            JOIN token_days d ON d.token_id = t.id WHERE t.client_id = $1 \
            AND t.revoked_at IS NULL AND d.day > $2 AND d.refused > 0 \
            GROUP BY t.id ORDER BY refused DESC, t.id LIMIT $3";
        let values = values![client.0, day(now) - RECENT_DAYS, MAX_ROWS];
        let tokens: Vec<(i64, i64)> = self.read_all(sql, values).await?;
        Ok(RefusedCalls {
            calls: tokens.iter().map(|(_, calls)| calls.unsigned_abs()).sum(),
            most: tokens.first().map(|(id, _)| TokenId(*id)),
        })
    }
}
