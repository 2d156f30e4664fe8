//! The one question that every request of the API asks: which valid token has this hash?
//!
//! Asked by itself it would cost several times what the rest of the request does. Most of that is the
//! way there and back, and what a database does to begin and end a read. So those who ask while
//! others are being answered wait together and are answered together; one who comes alone is answered
//! at once.
//!
//! - SQLite: all of them share one transaction ([`super::reader`]), before what pages ask.
//! - PostgreSQL: all of them share one statement ([`shared`]).
//!
//! # Why a revocation is immediate
//!
//! A request that begins after a revocation was answered, on whichever node, finds no token:
//!
//! - The answer to a revocation is sent after the database has answered its COMMIT.
//! - The transaction that answers a request is begun after the request came in, so after that answer.
//!   It sees everything committed before it begins: in SQLite a read takes the last commit of the
//!   file, whichever process made it; in PostgreSQL (READ COMMITTED) the snapshot is taken when the
//!   statement has arrived.
//! - Both go to the same database. No replica is read; a primary that was demoted refuses
//!   ([`super::db::on_primary`]), and one that was replaced without knowing it must be kept from us
//!   by whoever replaced it, as from every other client.
//! - Nothing is remembered from one transaction to the next: there is no cache to be told.
//!
//! And a request that was let in is one that began before the revocation was answered.

mod shared;

use rusqlite::OptionalExtension;

pub(super) use self::shared::Lookups;
use super::{
    Store, StoreError,
    clients::{ClientRow, client_columns},
    db::Db,
    row::{FromColumns, row},
};
use crate::{
    domain::{client::Client, token::TokenId},
    server::token_secret::SecretHash,
};

/// The valid token behind a hash.
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// Which token.
    pub id: TokenId,
    /// Whose data it reads.
    pub client: Client,
}

/// A question for the valid token with this hash, by this index if one is named.
macro_rules! valid_token {
    ($hash:literal $(, $index:literal)?) => {
        concat!(
            "SELECT ",
            client_columns!(),
            ", t.id AS token_id FROM tokens t ",
            $("INDEXED BY ", $index,)?
            " JOIN clients c ON c.id = t.client_id WHERE t.hash = ",
            $hash,
            " AND t.revoked_at IS NULL AND c.status <> 'closed'"
        )
    };
}

use valid_token;

/// By the index that has the client in it: by that of all hashes each token would have to be read, too.
const BY_HASH: &str = valid_token!("$1", "valid_tokens");

row! {
    struct ValidTokenRow {
        #[sqlx(flatten)]
        client: ClientRow,
        token_id: i64,
    }
}

impl ValidTokenRow {
    fn into_valid_token(self) -> Result<ValidToken, StoreError> {
        Ok(ValidToken {
            id: TokenId(self.token_id),
            client: self.client.into_client()?,
        })
    }
}

impl Store {
    /// The valid token with this hash, as the database has it after this was called.
    pub async fn token_by_hash(&self, hash: SecretHash) -> Result<Option<ValidToken>, StoreError> {
        self.faults.strike()?;
        let row = match &self.db {
            Db::Sqlite { reader, .. } => {
                let find = move |connection: &rusqlite::Connection| {
                    let mut by_hash = connection.prepare_cached(BY_HASH)?;
                    let found = by_hash.query_row([hash.0], ValidTokenRow::from_sqlite);
                    found.optional()
                };
                reader.ask_first(find).await
            }
            Db::Postgres { lookups, .. } => lookups.find(hash).await,
        };
        row?.map(ValidTokenRow::into_valid_token).transpose()
    }
}
