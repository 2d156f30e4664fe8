//! What many ask for at the same time: whose this token or this session is, by the hash of its secret, and what its
//! client sees on a page.
//!
//! Asked one by one it would cost several times what the rest of the request does. Most of that is the
//! way there and back, and what a database does to begin and end a read. So those who ask while
//! others are being answered wait together and are answered together; one who comes alone is answered
//! at once.
//!
//! - SQLite: all of them share one transaction ([`super::reader`]).
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
//!   ([`super::db::only_on_primary`]), and one that was replaced without knowing it must be kept from us
//!   by whoever replaced it, as from every other client.
//! - What is remembered from one transaction to the next ([`remembered`]) counts in those alone that see the database as
//!   the one did in which it was read. That is for the database to say, inside the transaction, whoever has changed it. So
//!   there is nobody who has to tell us of a revocation. SQLite has a number for it
//!   (<https://sqlite.org/pragma.html#pragma_data_version>), and forgets the pages that it keeps of a file on the same
//!   condition. PostgreSQL says which transactions a statement sees ([`tokens`]).
//!
//! And a request that was let in is one that began before the revocation was answered.

mod remembered;
mod rows;
mod shared;
mod tokens;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use rusqlite::OptionalExtension;

pub(super) use self::{
    remembered::Remembered,
    rows::{FoundByRow, for_all},
    shared::Lookups,
};
use super::{
    StoreError, ValidToken,
    overview::OverviewRow,
    postgres::{PostgresConnection, PostgresPool},
    reader::Snapshot,
    row::FromColumns,
    sessions::FoundSessionRow,
};
use crate::server::token_secret::SecretHash;

/// What was found for one of those who asked, if it is there.
pub(super) type Answer<T> = Result<Option<T>, StoreError>;

/// What many ask for at the same time, of PostgreSQL.
pub(super) trait LookedUp: Sized + Send + 'static {
    /// What it is looked up by.
    type Key: Send + Sync;
    /// What those who look it up have from one statement to the next.
    type Memory: Default + Send + Sync;

    /// What there is for each of `keys`, in their order.
    ///
    /// # Errors
    /// The statement failed.
    fn find_all(
        connection: &mut PostgresConnection,
        memory: &Self::Memory,
        keys: &[&Self::Key],
    ) -> impl Future<Output = Result<Vec<Answer<Self>>, StoreError>> + Send;
}

/// Where a server is asked.
pub(super) struct AllLookups {
    pub(super) tokens: Lookups<Arc<ValidToken>>,
    pub(super) sessions: Lookups<FoundSessionRow>,
    pub(super) overviews: Lookups<OverviewRow>,
}

impl fmt::Debug for AllLookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AllLookups").finish_non_exhaustive()
    }
}

impl AllLookups {
    /// Asks the server of `pool`. Nobody waits for an answer longer than `patience`.
    pub(super) fn start(pool: &PostgresPool, patience: Duration) -> Self {
        Self {
            tokens: Lookups::start(pool, patience),
            sessions: Lookups::start(pool, patience),
            overviews: Lookups::start(pool, patience),
        }
    }
}

/// What this statement finds in the file, by the hash `$1`.
pub(super) fn find_in_file<R: FromColumns>(
    snapshot: &mut Snapshot<'_>,
    sql: &'static str,
    hash: SecretHash,
) -> rusqlite::Result<Option<R>> {
    let statement = snapshot.statement(sql)?;
    statement.query_row([hash.0], R::from_sqlite).optional()
}
