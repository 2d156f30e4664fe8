//! Tokens that have reached their end.
//!
//! Verification compares the time with each request, so none works any longer than it may. What is done here, somewhat
//! later, is to list it with the revoked ones, to free its name, and to write it down in the trail.

use const_format::formatcp;

use crate::{
    model::{activity::Event, client::ClientId, timestamp::Timestamp},
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::Tx,
            rows::{TOKEN_COLUMNS, TokenRow, values},
        },
    },
};

/// Clients whose tokens are ended by one call.
const CLIENTS: u32 = 100;

impl Store {
    /// When the next token ends, if any does.
    pub async fn next_expiry(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(expires_at) FROM tokens WHERE revoked_at IS NULL AND expires_at IS NOT NULL";
        let next: Option<(Option<i64>,)> = self.read_one(sql, Vec::new()).await?;
        Ok(next.and_then(|(next,)| next).map(Timestamp::from_unix))
    }

    /// Revokes the tokens that have ended, as of that time, of a hundred clients at most.
    pub async fn end_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        let sql = "SELECT DISTINCT client_id FROM tokens WHERE revoked_at IS NULL AND expires_at <= $1 LIMIT $2";
        let clients: Vec<(i64,)> = self.read_all(sql, values![now.unix(), CLIENTS]).await?;
        for (client,) in clients {
            let client = ClientId(client);
            let mut tx = self.begin(client).await?;
            end_expired_of(&mut tx, client, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The same of one client, which is locked.
pub(super) async fn end_expired_of(
    tx: &mut Tx,
    owner: ClientId,
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = formatcp!(
        "UPDATE tokens SET revoked_at = expires_at WHERE client_id = $1 AND revoked_at IS NULL \
         AND expires_at <= $2 RETURNING {TOKEN_COLUMNS}"
    );
    // In the order in which their use is written: otherwise each transaction could wait for the other.
    let lock = "SELECT 1 FROM tokens WHERE client_id = $1 AND revoked_at IS NULL AND expires_at <= $2 \
        ORDER BY id FOR NO KEY UPDATE";
    let values = || values![owner.0, now.unix()];
    tx.lock(lock, values()).await?;
    let rows: Vec<TokenRow> = tx.fetch(SQL, values()).await?;
    for row in rows {
        let token = row.into_summary()?;
        let at = token.limits.expires_at.unwrap_or(now);
        let ended = NewActivity::new(owner, Event::TokenExpired, &Actor::token(None, ""), at);
        tx.record(ended.of_token(&token)).await?;
    }
    Ok(())
}
