//! Valid tokens.

use std::sync::Arc;

use const_format::formatcp;

use crate::{
    model::{client::Client, scopes::Scopes, timestamp::Timestamp, token::TokenId},
    server::{
        allowed_networks::AllowedNetworks,
        cached_body::CachedBody,
        store::{
            StoreError,
            rows::{CLIENT_COLUMNS, ClientRow, row},
        },
    },
};

/// A valid token, and the client whose data it reads.
// In this order: what every request reads is first and together, because where many tokens are in use each cache line that
// is read is a cache miss.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// The token.
    pub id: TokenId,
    /// What it may read.
    pub scopes: Scopes,
    /// Until when and from where it works, if it is not always and from everywhere.
    pub limits: Option<Box<ValidLimits>>,
    /// The JSON body of the client's own data, cached with the token.
    pub own_data: CachedBody<Client>,
    /// Moved by each import that changes anything of the client's.
    pub revision: i64,
    /// The client.
    pub client: Client,
}

/// What of a token does not depend on the database, and so is compared with each request.
#[derive(Clone, Debug)]
pub struct ValidLimits {
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// From where it works; `None`: from everywhere.
    pub allowed: Option<AllowedNetworks>,
}

/// Selects the valid token with the hash `$1`.
pub const VALID_TOKEN: &str = formatcp!(
    "SELECT {CLIENT_COLUMNS}, t.id AS token_id, t.scopes, t.expires_at, \
     t.allowed_addresses, c.revision FROM tokens t JOIN clients c ON c.id = t.client_id \
     WHERE t.hash = $1 AND {IS_VALID}"
);

/// The same in a SQLite file, by the index that includes what is read of the token: the index of all hashes would need a
/// read of its row.
pub const VALID_TOKEN_IN_FILE: &str = formatcp!(
    "SELECT {CLIENT_COLUMNS}, t.id AS token_id, t.scopes, t.expires_at, \
     t.allowed_addresses, c.revision FROM tokens t INDEXED BY valid_tokens \
     JOIN clients c ON c.id = t.client_id WHERE t.hash = $1 AND {IS_VALID}"
);

const IS_VALID: &str = "t.revoked_at IS NULL AND c.status <> 'closed'";

row! {
    pub struct ValidTokenRow {
        #[sqlx(flatten)]
        client: ClientRow,
        token_id: i64,
        scopes: Option<String>,
        expires_at: Option<i64>,
        allowed_addresses: Option<String>,
        revision: i64,
    }
}

impl ValidTokenRow {
    pub fn into_token(self) -> Result<Arc<ValidToken>, StoreError> {
        let scopes = Scopes::from_column(self.scopes.as_deref());
        let bad_row = || StoreError::BadRow {
            table: "tokens",
            id: self.token_id,
        };
        let scopes = scopes.map_err(|_| bad_row())?;
        let allowed = self.allowed_addresses.as_deref().map(|column| {
            let networks = AllowedNetworks::stored(column);
            networks.ok_or_else(bad_row)
        });
        let limits = ValidLimits {
            expires_at: self.expires_at.map(Timestamp::from_unix),
            allowed: allowed.transpose()?,
        };
        let is_limited = limits.expires_at.is_some() || limits.allowed.is_some();
        Ok(Arc::new(ValidToken {
            id: TokenId(self.token_id),
            scopes,
            limits: is_limited.then(|| Box::new(limits)),
            own_data: CachedBody::new(),
            revision: self.revision,
            client: self.client.into_client()?,
        }))
    }
}
