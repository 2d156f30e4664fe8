//! Rows of tokens.

use super::row;
use crate::{
    model::{
        scopes::Scopes,
        timestamp::Timestamp,
        token::{AnyToken, RevokedToken, TokenId, TokenName, TokenSummary},
        token_limits::{AllowedAddresses, TokenLimits},
    },
    server::store::StoreError,
};

/// The columns of a [`TokenRow`]. They are listed because a later version may add some while this one serves.
pub const TOKEN_COLUMNS: &str = "id, client_id, name, last_four, scopes, expires_at, allowed_addresses, created_at, last_used_at, revoked_at";

row! {
    record pub struct TokenRow {
        id: i64,
        client_id: i64,
        name: String,
        last_four: String,
        scopes: Option<String>,
        expires_at: Option<i64>,
        allowed_addresses: Option<String>,
        created_at: i64,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

impl TokenRow {
    pub fn into_summary(self) -> Result<TokenSummary, StoreError> {
        let bad_row = || StoreError::BadRow {
            table: "tokens",
            id: self.id,
        };
        let name = TokenName::stored(&self.name).ok_or_else(bad_row)?;
        let scopes = Scopes::from_column(self.scopes.as_deref()).map_err(|_| bad_row())?;
        Ok(TokenSummary {
            id: TokenId(self.id),
            name,
            last_four: self.last_four,
            scopes,
            limits: TokenLimits {
                expires_at: self.expires_at.map(Timestamp::from_unix),
                allowed: AllowedAddresses::stored(self.allowed_addresses),
            },
            created_at: Timestamp::from_unix(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_unix),
        })
    }

    pub fn into_any(self) -> Result<AnyToken, StoreError> {
        let revoked_at = self.revoked_at.map(Timestamp::from_unix);
        let token = self.into_summary()?;
        Ok(match revoked_at {
            None => AnyToken::Active(token),
            Some(revoked_at) => AnyToken::Revoked(RevokedToken { token, revoked_at }),
        })
    }

    /// Splits rows into active and revoked tokens, and keeps their order.
    pub fn active_and_revoked(
        rows: Vec<Self>,
    ) -> Result<(Vec<TokenSummary>, Vec<RevokedToken>), StoreError> {
        let (mut active, mut revoked) = (Vec::new(), Vec::new());
        for row in rows {
            match row.into_any()? {
                AnyToken::Active(token) => active.push(token),
                AnyToken::Revoked(token) => revoked.push(token),
            }
        }
        Ok((active, revoked))
    }
}
