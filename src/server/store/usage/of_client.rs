//! The use of all tokens of a client.

use super::{by_day, shown_days};
use crate::{
    model::{
        client::ClientId,
        timestamp::{DAY, Timestamp},
        token::TokenId,
        usage::{BusyToken, DailyCalls},
    },
    server::store::{Store, StoreError, rows::values},
};

impl Store {
    /// Calls with any token of a client, those included that were revoked meanwhile.
    pub async fn calls_of(
        &self,
        client: ClientId,
        now: Timestamp,
    ) -> Result<DailyCalls, StoreError> {
        let (first, today) = shown_days(now);
        // Tokens that were revoked before have no calls, and there may be many.
        let sql = "SELECT d.day, CAST(sum(d.calls) AS BIGINT) FROM token_days d \
            JOIN tokens t ON t.id = d.token_id WHERE t.client_id = $1 \
            AND (t.revoked_at IS NULL OR t.revoked_at >= $4) \
            AND d.day BETWEEN $2 AND $3 GROUP BY d.day";
        let values = values![client.0, first, today, first * DAY];
        let days: Vec<(i64, i64)> = self.read_all(sql, values).await?;
        Ok(by_day(days, first))
    }

    /// The active tokens of a client that were used most, the busiest first.
    pub async fn busiest_tokens_of(
        &self,
        client: ClientId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<BusyToken>, StoreError> {
        let (first, today) = shown_days(now);
        let sql = "SELECT t.id, t.name, CAST(sum(d.calls) AS BIGINT) AS calls FROM tokens t \
            JOIN token_days d ON d.token_id = t.id WHERE t.client_id = $1 \
            AND t.revoked_at IS NULL AND d.day BETWEEN $2 AND $3 \
            GROUP BY t.id, t.name ORDER BY calls DESC, t.id LIMIT $4";
        let values = values![client.0, first, today, limit];
        let tokens: Vec<(i64, String, i64)> = self.read_all(sql, values).await?;
        let busy = |(id, name, calls): (i64, String, i64)| BusyToken {
            id: TokenId(id),
            name,
            calls: calls.unsigned_abs(),
        };
        Ok(tokens.into_iter().map(busy).collect())
    }
}
