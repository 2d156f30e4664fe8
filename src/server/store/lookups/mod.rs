//! The one question that every request of the API asks: which valid token has this hash?
//!
//! Asked through a pool like everything else it would cost several times what the rest of the
//! request does. So each database has a shorter way:
//!
//! - SQLite: on the thread of whoever asks, with no other in between ([`inline`]).
//! - PostgreSQL: all who ask at the same time share one statement ([`coalesced`]).
//!
//! # Why a revocation is immediate
//!
//! A request that begins after a revocation was answered, on whichever node, finds no token:
//!
//! - The answer to a revocation is sent after the database has answered its COMMIT.
//! - The statement that answers a request is begun after the request came in, so after that answer.
//!   It is a transaction of its own and sees everything committed before it begins: in SQLite a
//!   read takes the last commit of the file, whichever process made it; in PostgreSQL (READ
//!   COMMITTED) the snapshot is taken when the statement has arrived.
//! - Both go to the same database. No replica is read; a primary that was demoted refuses
//!   ([`super::db::on_primary`]), and one that was replaced without knowing it must be kept from us
//!   by whoever replaced it, as from every other client.
//! - Nothing is remembered from one statement to the next: there is no cache to be told.
//!
//! And a request that was let in is one that began before the revocation was answered.

mod coalesced;
mod inline;

use sqlx::{FromRow, SqlitePool};

pub use self::inline::lookup_threads;
pub(super) use self::{coalesced::CoalescedLookups, inline::InlineLookups};
use super::{
    Store, StoreError,
    clients::{CLIENT_COLUMNS, ClientRow, client_columns},
    db::{Db, patience, within},
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

/// A question for the valid tokens with this hash, or with one of these.
macro_rules! valid_tokens {
    ($hash:literal) => {
        concat!(
            "SELECT ",
            client_columns!(),
            ", t.id AS token_id, t.hash FROM tokens t JOIN clients c ON c.id = t.client_id \
             WHERE t.hash ",
            $hash,
            " AND t.revoked_at IS NULL AND c.status <> 'closed'"
        )
    };
}

use valid_tokens;

const BY_HASH: &str = valid_tokens!("= $1");

#[derive(Clone, FromRow)]
struct ValidTokenRow {
    #[sqlx(flatten)]
    client: ClientRow,
    token_id: i64,
    hash: Vec<u8>,
}

impl ValidTokenRow {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            client: ClientRow::from_sqlite(row)?,
            token_id: row.get(CLIENT_COLUMNS)?,
            hash: row.get(CLIENT_COLUMNS + 1)?,
        })
    }

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
            Db::Sqlite {
                reader, lookups, ..
            } => find_in_file(reader, lookups, hash).await?,
            Db::Postgres { lookups, .. } => lookups.find(hash).await?,
        };
        row.map(ValidTokenRow::into_valid_token).transpose()
    }
}

async fn find_in_file(
    reader: &SqlitePool,
    lookups: &InlineLookups,
    hash: SecretHash,
) -> Result<Option<ValidTokenRow>, StoreError> {
    if let Ok(row) = lookups.find(hash) {
        return Ok(row);
    }
    // The pool can wait, and says what is wrong if waiting does not help.
    let statement = sqlx::query_as(BY_HASH).bind(hash.0.as_slice());
    let row = within(patience(reader), statement.fetch_optional(reader)).await?;
    lookups.resume();
    Ok(row)
}
