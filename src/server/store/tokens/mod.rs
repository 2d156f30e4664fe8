//! Tokens in the database.

mod change;
mod create;

use sqlx::FromRow;

pub use self::{
    change::{Renaming, Revocation},
    create::{Creation, NewToken},
};
use super::{Store, StoreError, db::on_reader};
use crate::domain::{
    client::ClientId,
    timestamp::Timestamp,
    token::{RevokedToken, TokenId, TokenName, TokenSummary},
};

/// The columns of a [`TokenRow`], named one by one: a later version may add some while this one serves.
macro_rules! token_columns {
    () => {
        "id, client_id, name, last_four, created_at, last_used_at, revoked_at"
    };
}

use token_columns;

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    client_id: i64,
    name: String,
    last_four: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TokenRow {
    fn into_summary(self) -> Result<TokenSummary, StoreError> {
        let name = TokenName::parse(&self.name).map_err(|_| StoreError::BadRow {
            table: "tokens",
            id: self.id,
        })?;
        Ok(TokenSummary {
            id: TokenId(self.id),
            name,
            last_four: self.last_four,
            created_at: Timestamp::from_unix(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_unix),
        })
    }
}

impl Store {
    /// A client's active tokens, newest first.
    pub async fn tokens_of(&self, owner: ClientId) -> Result<Vec<TokenSummary>, StoreError> {
        let rows: Vec<TokenRow> = on_reader!(self, |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
                 ORDER BY created_at DESC, id DESC"
            ))
            .bind(owner.0)
            .fetch_all(db)
        })?;
        rows.into_iter().map(TokenRow::into_summary).collect()
    }

    /// One active token of its owner.
    pub async fn token_of(
        &self,
        owner: ClientId,
        id: TokenId,
    ) -> Result<Option<TokenSummary>, StoreError> {
        let row: Option<TokenRow> = on_reader!(self, |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL"
            ))
            .bind(id.0)
            .bind(owner.0)
            .fetch_optional(db)
        })?;
        row.map(TokenRow::into_summary).transpose()
    }

    /// When any token of a client was last used, revoked ones included.
    pub async fn last_use_of(&self, owner: ClientId) -> Result<Option<Timestamp>, StoreError> {
        let used: Option<i64> = on_reader!(self, |db| {
            sqlx::query_scalar("SELECT max(last_used_at) FROM tokens WHERE client_id = $1")
                .bind(owner.0)
                .fetch_one(db)
        })?;
        Ok(used.map(Timestamp::from_unix))
    }

    /// A client's active tokens, newest first, and those that were revoked after a moment, latest first.
    pub async fn tokens_and_revoked_after(
        &self,
        owner: ClientId,
        moment: Timestamp,
    ) -> Result<(Vec<TokenSummary>, Vec<RevokedToken>), StoreError> {
        let rows: Vec<TokenRow> = on_reader!(self, |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE client_id = $1 AND (revoked_at IS NULL OR revoked_at > $2) \
                 ORDER BY revoked_at DESC, created_at DESC, id DESC"
            ))
            .bind(owner.0)
            .bind(moment.unix())
            .fetch_all(db)
        })?;
        let (mut active, mut revoked) = (Vec::new(), Vec::new());
        for row in rows {
            let revoked_at = row.revoked_at.map(Timestamp::from_unix);
            let token = row.into_summary()?;
            match revoked_at {
                None => active.push(token),
                Some(revoked_at) => revoked.push(RevokedToken { token, revoked_at }),
            }
        }
        Ok((active, revoked))
    }
}
