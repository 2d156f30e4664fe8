//! Tokens in the database.

mod change;
mod create;
mod valid;

pub(super) use self::valid::{ValidTokenRow, valid_token};
pub use self::{
    change::{Renaming, Revocation},
    create::{Creation, NewToken},
    valid::ValidToken,
};
use super::{MAX_ROWS, Store, StoreError, row::row};
use crate::model::{
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

pub(super) use token_columns;

row! {
    record pub(super) struct TokenRow {
        id: i64,
        client_id: i64,
        name: String,
        last_four: String,
        created_at: i64,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
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

/// Active and revoked ones, in the order they come in.
pub(super) fn active_and_revoked(
    rows: Vec<TokenRow>,
) -> Result<(Vec<TokenSummary>, Vec<RevokedToken>), StoreError> {
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

impl Store {
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
        let sql = concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = $1 AND revoked_at IS NULL AND id < $2 \
             ORDER BY id DESC LIMIT $3"
        );
        let before = before.map_or(i64::MAX, |token| token.0);
        let values = [owner.0, before, limit.into()].map(Into::into);
        let rows: Vec<TokenRow> = self.read_all(sql, values).await?;
        rows.into_iter().map(TokenRow::into_summary).collect()
    }

    /// How many active tokens a client has.
    pub async fn count_tokens_of(&self, owner: ClientId) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL";
        let count: Option<(i64,)> = self.read_one(sql, [owner.0.into()]).await?;
        Ok(count.map_or(0, |(count,)| usize::try_from(count).unwrap_or_default()))
    }

    /// One active token of its owner.
    pub async fn token_of(
        &self,
        owner: ClientId,
        id: TokenId,
    ) -> Result<Option<TokenSummary>, StoreError> {
        let sql = concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL"
        );
        let row: Option<TokenRow> = self.read_one(sql, [id.0.into(), owner.0.into()]).await?;
        row.map(TokenRow::into_summary).transpose()
    }

    /// When any token of a client was last used, of revoked ones the last thousand included.
    pub async fn last_use_of(&self, owner: ClientId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(last_used_at) FROM (\
            SELECT last_used_at FROM tokens WHERE client_id = $1 AND revoked_at IS NULL UNION ALL \
            SELECT last_used_at FROM (SELECT last_used_at FROM tokens WHERE client_id = $1 \
            AND revoked_at IS NOT NULL ORDER BY revoked_at DESC LIMIT 1000) revoked) latest";
        let used: Option<(Option<i64>,)> = self.read_one(sql, [owner.0.into()]).await?;
        Ok(used.and_then(|(used,)| used).map(Timestamp::from_unix))
    }
}
