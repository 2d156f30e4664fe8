//! Valid tokens on PostgreSQL: those that are remembered are read again if anything was committed since.
//!
//! Each statement asks for its snapshot, which names the transactions whose work it sees
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>). Every transaction that
//! writes has a number, and none has that of another. So two statements with the same snapshot see the same rows, by
//! whichever connection they came.
//!
//! A standby is another matter: its snapshots do not name what is under way. It is never asked ([`only_on_primary`]).
//!
//! And a number is given again if the server was lost before it had a reason to write it down: a transaction was undone, or
//! nobody waited for its commit (`synchronous_commit` off).
//!
//! - A standby that was promoted started at another time than the server, so the time is part of the version.
//! - A server that lost its memory lost all connections with it. So what is remembered counts only for statements of
//!   connections that were answered before the first of it was asked for, and only from those is anything added to it.
//!   Whenever a newer one answers, all is read anew: once a minute for each connection, or after an idle second.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use sqlx::{FromRow, Row, postgres::PgRow};

use super::{Answer, LookedUp, Remembered, rows::index};
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

/// The valid tokens with the hashes `$1`, each with its place among them, from 1. If the version is `$3`: only those of the
/// first `$2` hashes. Without any there is one row that has the version alone.
const VALID_TOKENS: &str = concat!(
    "WITH now AS MATERIALIZED (",
    "SELECT pg_postmaster_start_time() || ' ' || pg_current_snapshot() AS version",
    ") SELECT now.version, found.* FROM now LEFT JOIN LATERAL (",
    "SELECT asked.place, token.* ",
    "FROM unnest(CASE WHEN now.version = $3 THEN $1[:$2] ELSE $1 END) ",
    "WITH ORDINALITY AS asked (hash, place), LATERAL (",
    valid_token!("asked.hash"),
    ") AS token) AS found ON true WHERE true",
    only_on_primary!()
);

struct ReadRow {
    version: String,
    /// A token and its place.
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
    /// When the first statement was sent that was answered with it.
    since: Instant,
}

type Memory = Remembered<Option<Version>>;

impl Memory {
    /// The version, if a statement of this connection means the same by its text.
    fn version_for(&self, connection: &PostgresConnection) -> Option<&Version> {
        let version = self.version().as_ref();
        version.filter(|version| connection.was_answered_before(version.since))
    }

    /// The version, and those of these tokens that are remembered; empty and none, where no version counts.
    fn recall(
        &self,
        connection: &PostgresConnection,
        hashes: &[&SecretHash],
    ) -> (String, Vec<Option<Arc<ValidToken>>>) {
        match self.version_for(connection) {
            Some(version) => (
                version.text.clone(),
                hashes.iter().map(|hash| self.find(**hash)).collect(),
            ),
            None => (String::new(), vec![None; hashes.len()]),
        }
    }

    /// Remembers what was read by a statement that was sent then and answered with this version.
    fn remember(
        &mut self,
        read: &[(SecretHash, Arc<ValidToken>)],
        version: String,
        sent_at: Instant,
        connection: &PostgresConnection,
    ) {
        let known = self.version().as_ref();
        // Somebody who asked later knows better. And of what was lost before that, this answer may still tell.
        if known.is_some_and(|known| known.since > sent_at) {
            return;
        }
        let known = self.version_for(connection);
        if known.is_none_or(|known| known.text != version) {
            self.keep_if(Some(Version {
                text: version,
                since: sent_at,
            }));
        }
        for (hash, token) in read {
            self.add(*hash, token);
        }
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
        let sent_at = Instant::now();
        let (known_version, mut tokens) = lock(memory).recall(connection, hashes);
        // First those that are read in any case.
        let mut order: Vec<usize> = (0..hashes.len()).collect();
        order.sort_by_key(|at| tokens[*at].is_some());
        let new = tokens.iter().filter(|token| token.is_none()).count();

        let statement = sqlx::query_as(VALID_TOKENS)
            .bind(
                order
                    .iter()
                    .map(|at| &hashes[*at].0[..])
                    .collect::<Vec<_>>(),
            )
            .bind(i32::try_from(new).unwrap_or(i32::MAX))
            .bind(&known_version);
        let rows = in_time(statement.fetch_all(connection.ask()?)).await;
        let rows: Vec<ReadRow> = connection.heard(rows)?;
        let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let version = first.version.clone();
        if version != known_version {
            tokens.fill(None);
        }

        let mut answers: Vec<Answer<Self>> = tokens.into_iter().map(Ok).collect();
        let mut read = Vec::new();
        for (place, row) in rows.into_iter().filter_map(|row| row.found) {
            let Some(&at) = order.get(index(place)) else {
                continue;
            };
            let token = row.into_token();
            if let Ok(token) = &token {
                read.push((*hashes[at], Arc::clone(token)));
            }
            answers[at] = token.map(Some);
        }
        if !read.is_empty() {
            lock(memory).remember(&read, version, sent_at, connection);
        }
        Ok(answers)
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
