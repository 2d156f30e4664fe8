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
//! - What is remembered from one transaction to the next ([`remembered`], SQLite alone) counts in those alone that see
//!   the file as the one did in which it was read. That is for SQLite to say, inside the transaction
//!   (<https://sqlite.org/pragma.html#pragma_data_version>): it forgets the pages that it keeps of a file on the same
//!   condition, whichever process has changed it. So there is nobody who has to tell us of a revocation.
//!
//! And a request that was let in is one that began before the revocation was answered.

mod remembered;
mod shared;

use std::{fmt, time::Duration};

use rusqlite::OptionalExtension;

pub(super) use self::{remembered::Remembered, shared::Lookups};
use super::{
    Store, StoreError,
    db::Db,
    overview::OverviewRow,
    postgres::PostgresPool,
    reader::Snapshot,
    row::{PostgresRow, Row},
    sessions::FoundSessionRow,
    tokens::ValidTokenRow,
};
use crate::server::token_secret::SecretHash;

/// What many ask for at the same time.
pub(super) trait LookedUp: PostgresRow {
    /// Reads it, by `$1` and so on.
    const ONE: &'static str;
    /// Reads it for all whose values are in the arrays `$1` and so on, with the place of each in them, from 1.
    const ALL: &'static str;

    /// Where a server is asked for it.
    fn lookups(server: &AllLookups) -> &Lookups<Self>;
}

/// What is found by the hash of a secret.
pub(super) trait Hashed: Row + LookedUp {
    /// Reads it from the file, by the hash `$1`.
    const IN_FILE: &'static str;
}

/// Where a server is asked.
pub(super) struct AllLookups {
    pub(super) tokens: Lookups<ValidTokenRow>,
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

/// [`LookedUp::ALL`], made of the statement for one, which has to call the values `asked.…` by these names.
///
/// Not `= ANY($1)`: where clients are few PostgreSQL then reads all of them, for every statement. Here each is
/// looked up by the index, whatever it believes of the tables.
macro_rules! for_all {
    ($arrays:literal, $names:literal, $one:expr) => {
        concat!(
            "SELECT asked.place, found.* FROM unnest(",
            $arrays,
            ") WITH ORDINALITY AS asked (",
            $names,
            ", place), LATERAL (",
            $one,
            ") AS found WHERE true"
        )
    };
}

pub(super) use for_all;

impl Store {
    /// What has this hash, as the database has it after this was called.
    pub(super) async fn look_up<R: Hashed>(
        &self,
        hash: SecretHash,
    ) -> Result<Option<R>, StoreError> {
        self.faults.strike()?;
        match &self.db {
            Db::Sqlite { reader, .. } => {
                reader
                    .ask_first(move |snapshot| find_in_file(snapshot, hash))
                    .await
            }
            Db::Postgres { lookups, .. } => R::lookups(lookups).find(vec![hash.0.into()]).await,
        }
    }
}

/// What has this hash in the file.
pub(super) fn find_in_file<R: Hashed>(
    snapshot: &mut Snapshot<'_>,
    hash: SecretHash,
) -> rusqlite::Result<Option<R>> {
    let statement = snapshot.statement(R::IN_FILE)?;
    statement.query_row([hash.0], R::from_sqlite).optional()
}
