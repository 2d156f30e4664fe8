//! Rows of tokens.

use super::row;
use crate::{
    model::{
        timestamp::Timestamp,
        token::{RevokedToken, TokenId, TokenName, TokenSummary},
    },
    server::store::StoreError,
};

/// The columns of a [`TokenRow`]. They are listed because a later version may add some while this one serves.
pub const TOKEN_COLUMNS: &str =
    "id, client_id, name, last_four, created_at, last_used_at, revoked_at";

row! {
    record pub struct TokenRow {
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
    pub fn into_summary(self) -> Result<TokenSummary, StoreError> {
        let name = TokenName::stored(&self.name).ok_or(StoreError::BadRow {
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

    /// Splits rows into active and revoked tokens, and keeps their order.
    pub fn active_and_revoked(
        rows: Vec<Self>,
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
}
