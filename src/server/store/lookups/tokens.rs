//! Valid tokens on PostgreSQL: those that are remembered are read again if anything was committed since.
//!
//! Each statement asks for its snapshot, which names the transactions whose work it sees
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>). Every transaction that
//! writes has a number, and none has that of another. So two statements with the same snapshot see the same rows, by
//! whichever connection they came.
//!
//! There is one exception. Transactions whose commit was not on disk yet (`synchronous_commit` off) are lost with the server,
//! and others get their numbers: on the same server when it is up again, or on the standby that was promoted.
//!
//! - The standby started at another time than the server, so the time is part of the version.
//! - Where the server lost its memory, it lost all connections. So what is remembered counts for those connections alone that
//!   were there before it was read, and still are.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use sqlx::{FromRow, Row, postgres::PgRow};

use super::{Answer, LookedUp, Remembered};
use crate::server::{
    store::{
        StoreError, ValidToken,
        clients::client_columns,
        db::{in_time, only_on_primary},
        postgres::PostgresConnection,
        tokens::{ValidTokenRow, valid_token},
    },
    token_secret::SecretHash,
};

/// The tokens with the hashes `$1`, and if the version is not `$3` with the hashes `$2`: each with its place among all of
/// them, from 1. Without any there is one row that has the version alone.
const VALID_TOKENS: &str = concat!(
    "WITH now AS MATERIALIZED (",
    "SELECT pg_postmaster_start_time() || ' ' || pg_current_snapshot() AS version",
    ") SELECT now.version, found.* FROM now LEFT JOIN LATERAL (",
    "SELECT asked.place, token.* ",
    "FROM unnest(CASE WHEN now.version = $3 THEN $1 ELSE $1 || $2 END) ",
    "WITH ORDINALITY AS asked (hash, place), LATERAL (",
    valid_token!("asked.hash"),
    ") AS token) AS found ON true WHERE true",
    only_on_primary!()
);

struct ReadRow {
    version: String,
    found: Option<(i64, ValidTokenRow)>,
}

impl FromRow<'_, PgRow> for ReadRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let found = match row.try_get("place")? {
            Some(place) => Some((place, ValidTokenRow::from_row(row)?)),
            None => None,
        };
        Ok(Self {
            version: row.try_get("version")?,
            found,
        })
    }
}

/// What the database was when tokens were read.
#[derive(PartialEq)]
pub(in crate::server::store) struct Version {
    text: String,
    /// Before it was asked for the first time.
    since: Instant,
}

impl Version {
    /// Whether this is what a statement of the connection means by the same text.
    fn counts_for(&self, connection: &PostgresConnection) -> bool {
        connection.was_there_before(self.since)
    }
}

type Memory = Remembered<Option<Version>>;

impl Memory {
    /// The version and the tokens that are remembered of it. Where none counts: no tokens, of none.
    fn recall(
        &self,
        connection: &PostgresConnection,
        hashes: &[&SecretHash],
    ) -> (String, Vec<Option<Arc<ValidToken>>>) {
        let version = self.version().as_ref();
        match version.filter(|version| version.counts_for(connection)) {
            Some(version) => (
                version.text.clone(),
                hashes.iter().map(|hash| self.find(**hash)).collect(),
            ),
            None => (String::new(), vec![None; hashes.len()]),
        }
    }

    /// Whether it is of this version.
    fn is_of(&self, text: &str, connection: &PostgresConnection) -> bool {
        let version = self.version().as_ref();
        version.is_some_and(|version| version.text == text && version.counts_for(connection))
    }
}

impl LookedUp for Arc<ValidToken> {
    type Key = SecretHash;
    type Memory = Mutex<Memory>;

    async fn find_all(
        connection: &mut PostgresConnection,
        memory: &Mutex<Memory>,
        hashes: &[&SecretHash],
    ) -> Result<Vec<Answer<Self>>, StoreError> {
        let since = Instant::now();
        let (known_version, mut tokens) = lock(memory).recall(connection, hashes);
        // As the statement counts them: first those that are read in any case.
        let mut order: Vec<usize> = (0..hashes.len()).collect();
        order.sort_by_key(|at| tokens[*at].is_some());
        let new = tokens.iter().filter(|token| token.is_none()).count();
        let in_order: Vec<&[u8]> = order.iter().map(|at| &hashes[*at].0[..]).collect();
        let (new, remembered) = in_order.split_at(new);

        let statement = sqlx::query_as(VALID_TOKENS)
            .bind(new)
            .bind(remembered)
            .bind(&known_version);
        let rows = in_time(statement.fetch_all(connection.ask()?)).await;
        let rows: Vec<ReadRow> = connection.heard(rows)?;
        let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let text = first.version.clone();

        let mut memory = lock(memory);
        if text != known_version {
            tokens.fill(None);
            if !memory.is_of(&text, connection) {
                memory.keep_if(Some(Version {
                    text: text.clone(),
                    since,
                }));
            }
        }
        // Others may have come upon a later version meanwhile.
        let is_remembered = memory.is_of(&text, connection);
        let mut answers: Vec<Answer<Self>> = tokens.into_iter().map(Ok).collect();
        for (place, row) in rows.into_iter().filter_map(|row| row.found) {
            let place = usize::try_from(place - 1).ok();
            let Some(&at) = place.and_then(|place| order.get(place)) else {
                continue;
            };
            let token = row.into_token();
            if let Ok(token) = &token
                && is_remembered
            {
                memory.add(*hashes[at], token);
            }
            answers[at] = token.map(Some);
        }
        Ok(answers)
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
