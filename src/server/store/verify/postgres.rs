//! Verification in PostgreSQL: the version is the snapshot of the statement.
//!
//! Each statement asks for its snapshot, which names the transactions whose changes it sees
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>). Every transaction that writes has
//! a number of its own. So two statements with the same snapshot see the same rows, over whichever connections they came.
//!
//! A standby is different: its snapshots do not name the transactions in progress. It is never asked ([`ONLY_ON_PRIMARY`]).
//!
//! And a number is assigned again if the server crashed before it had to be written to disk: a transaction was rolled back,
//! or its commit was not waited for (`synchronous_commit` off).
//!
//! - A standby that was promoted has another start time than the server, so the start time is part of the version.
//! - A server that crashed has lost all connections. So cached tokens count only for statements of connections that had
//!   answered before the first of them was requested, and only such connections add to them. When a newer connection
//!   answers, all tokens are read anew: once a minute for each connection, and after an idle second.

use std::{
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use sqlx::{FromRow, Row, postgres::PgRow};

use super::{
    cache::Cache,
    token::{VALID_TOKEN, ValidToken, ValidTokenRow},
};
use crate::server::{
    metrics::VERIFIED,
    store::{
        StoreError,
        batches::{Found, Lookup, index},
        postgres::{ONLY_ON_PRIMARY, connection::PostgresConnection},
    },
    token_secret::SecretHash,
};

/// The valid tokens with the hashes `$1`, each with its place among them, from 1. If the version is `$3`: only those of the
/// first `$2` hashes. If there is none, one row with the version alone.
static VALID_TOKENS: LazyLock<String> = LazyLock::new(|| {
    let valid_token = VALID_TOKEN.replace("$1", "asked.hash");
    format!(
        "WITH now AS MATERIALIZED (\
         SELECT pg_postmaster_start_time() || ' ' || pg_current_snapshot() AS version\
         ) SELECT now.version, found.* FROM now LEFT JOIN LATERAL (\
         SELECT asked.place, token.* \
         FROM unnest(CASE WHEN now.version = $3 THEN $1[:$2] ELSE $1 END) \
         WITH ORDINALITY AS asked (hash, place), LATERAL ({valid_token}) AS token\
         ) AS found ON true WHERE true{ONLY_ON_PRIMARY}"
    )
});

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

/// The version of the database when tokens were read.
#[derive(PartialEq)]
pub struct Version {
    text: String,
    /// When the first statement with this version was sent.
    since: Instant,
}

/// Valid tokens as this version of the database has them.
type ServerCache = Cache<Option<Version>>;

impl ServerCache {
    /// The version, if its text means the same in a statement of this connection.
    fn version_for(&self, connection: &PostgresConnection) -> Option<&Version> {
        let version = self.version().as_ref();
        version.filter(|version| connection.has_answered_before(version.since))
    }

    /// The version, and the cached ones of these tokens; an empty text and none if no version counts.
    fn find_all(
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

    /// Adds tokens that were read by a statement that was sent at this time and had this version.
    fn add_all(
        &mut self,
        read: &[(SecretHash, Arc<ValidToken>)],
        version: String,
        sent_at: Instant,
        connection: &PostgresConnection,
    ) {
        let known = self.version().as_ref();
        // A later statement knows better, and this one may still show changes that a crash has undone since.
        if known.is_some_and(|known| known.since > sent_at) {
            return;
        }
        let known = self.version_for(connection);
        if known.is_none_or(|known| known.text != version) {
            self.clear_unless(Some(Version {
                text: version,
                since: sent_at,
            }));
        }
        for (hash, token) in read {
            self.add(*hash, token);
        }
    }
}

impl Lookup for Arc<ValidToken> {
    type Key = SecretHash;
    type Memory = Mutex<ServerCache>;

    async fn find_all(
        connection: &mut PostgresConnection,
        memory: &Mutex<ServerCache>,
        hashes: &[&SecretHash],
    ) -> Result<Vec<Found<Self>>, StoreError> {
        let sent_at = Instant::now();
        let (known_version, mut tokens) = lock(memory).find_all(connection, hashes);
        // Those that have to be read in any case come first.
        let mut order: Vec<usize> = (0..hashes.len()).collect();
        order.sort_by_key(|at| tokens[*at].is_some());
        let new = tokens.iter().filter(|token| token.is_none()).count();

        let statement = sqlx::query_as(VALID_TOKENS.as_str())
            .bind(
                order
                    .iter()
                    .map(|at| &hashes[*at].0[..])
                    .collect::<Vec<_>>(),
            )
            .bind(i32::try_from(new).unwrap_or(i32::MAX))
            .bind(&known_version);
        let rows: Vec<ReadRow> = connection.fetch(statement).await?;
        let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let version = first.version.clone();
        if version != known_version {
            tokens.fill(None);
        }
        let remembered = tokens.iter().filter(|token| token.is_some()).count();

        let mut all: Vec<Found<Self>> = tokens.into_iter().map(Ok).collect();
        let mut read = Vec::new();
        for (place, row) in rows.into_iter().filter_map(|row| row.found) {
            let Some(&at) = order.get(index(place)) else {
                continue;
            };
            let token = row.into_token();
            if let Ok(token) = &token {
                read.push((*hashes[at], Arc::clone(token)));
            }
            all[at] = token.map(Some);
        }
        VERIFIED.remembered.add(remembered as u64);
        VERIFIED.read.add(read.len() as u64);
        let unknown = hashes.len() - remembered - read.len();
        VERIFIED.unknown.add(unknown as u64);
        if !read.is_empty() {
            lock(memory).add_all(&read, version, sent_at, connection);
        }
        Ok(all)
    }
}

fn lock(memory: &Mutex<ServerCache>) -> MutexGuard<'_, ServerCache> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
