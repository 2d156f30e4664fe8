//! Tokens in the database.

mod change;
mod create;
mod expire;

use std::sync::Arc;

use const_format::formatcp;

pub use self::{
    change::{Renaming, Revocation},
    create::{Creation, NewToken},
};
use super::{
    MAX_ROWS, Store, StoreError,
    lookups::Lookups,
    rows::{TOKEN_COLUMNS, TokenRow, values},
    verify::{self, ValidToken},
};
use crate::{
    model::{
        client::ClientId,
        timestamp::Timestamp,
        token::{AnyToken, TokenCounts, TokenId, TokenSummary},
    },
    server::token_secret::SecretHash,
};

impl Store {
    /// The valid token with this hash, as the database has it after this was called.
    pub async fn token_by_hash(
        &self,
        hash: SecretHash,
    ) -> Result<Option<Arc<ValidToken>>, StoreError> {
        self.faults.before_statement()?;
        match &*self.lookups {
            Lookups::Sqlite { verifier, .. } => verify::sqlite::token(verifier, hash).await,
            Lookups::Postgres { tokens, .. } => tokens.find(hash).await,
        }
    }

    /// A client's active tokens, newest first.
    pub async fn tokens_of(&self, owner: ClientId) -> Result<Vec<TokenSummary>, StoreError> {
        let mut all: Vec<TokenSummary> = Vec::new();
        loop {
            let before = all.last().map(|token| token.id);
            let some = self.tokens_before(owner, before, MAX_ROWS).await?;
            let is_end = some.len() < MAX_ROWS as usize;
            all.extend(some);
            if is_end {
                return Ok(all);
            }
        }
    }

    /// The newest of a client's active tokens that are older than `before`.
    pub async fn tokens_before(
        &self,
        owner: ClientId,
        before: Option<TokenId>,
        limit: u32,
    ) -> Result<Vec<TokenSummary>, StoreError> {
        const SQL: &str = formatcp!(
            "SELECT {TOKEN_COLUMNS} FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
             AND id < $2 ORDER BY id DESC LIMIT $3"
        );
        let before = before.map_or(i64::MAX, |token| token.0);
        let values = values![owner.0, before, limit];
        let rows: Vec<TokenRow> = self.read_all(SQL, values).await?;
        rows.into_iter().map(TokenRow::into_summary).collect()
    }

    /// How many active tokens a client has, and how many of them have not been used since `unused_since`.
    pub async fn count_tokens_of(
        &self,
        owner: ClientId,
        unused_since: Timestamp,
    ) -> Result<TokenCounts, StoreError> {
        let sql = "SELECT count(*), \
            count(CASE WHEN coalesce(last_used_at, created_at) <= $2 THEN 1 END) \
            FROM tokens WHERE client_id = $1 AND revoked_at IS NULL";
        let values = values![owner.0, unused_since.unix()];
        let counts: Option<(i64, i64)> = self.read_one(sql, values).await?;
        let (active, stale) = counts.unwrap_or_default();
        let count = |count| usize::try_from(count).unwrap_or_default();
        Ok(TokenCounts {
            active: count(active),
            stale: count(stale),
        })
    }

    /// A token of its owner, whether or not it was revoked.
    pub async fn token_of(
        &self,
        owner: ClientId,
        id: TokenId,
    ) -> Result<Option<AnyToken>, StoreError> {
        const SQL: &str =
            formatcp!("SELECT {TOKEN_COLUMNS} FROM tokens WHERE id = $1 AND client_id = $2");
        let row: Option<TokenRow> = self.read_one(SQL, values![id.0, owner.0]).await?;
        row.map(TokenRow::into_any).transpose()
    }

    /// When any token of a client was last used, including the last thousand that were revoked.
    pub async fn last_use_of(&self, owner: ClientId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(last_used_at) FROM (\
            SELECT last_used_at FROM tokens WHERE client_id = $1 AND revoked_at IS NULL UNION ALL \
            SELECT last_used_at FROM (SELECT last_used_at FROM tokens WHERE client_id = $1 \
            AND revoked_at IS NOT NULL ORDER BY revoked_at DESC LIMIT 1000) revoked) latest";
        let used: Option<(Option<i64>,)> = self.read_one(sql, values![owner.0]).await?;
        Ok(used.and_then(|(used,)| used).map(Timestamp::from_unix))
    }
}
