//! The connections, to whichever database there is.
//!
//! SQL that both take is written once: `$1` is a placeholder in SQLite, too. What writes is run by the
//! macros on the one that is there, and what reads by the functions of the store.

use std::{future::Future, sync::Arc, time::Duration};

use sqlx::{postgres::PgQueryResult, sqlite::SqliteQueryResult};
use tokio::time::timeout;

use super::{
    Faults, Store, StoreError,
    activity::NewActivity,
    lookups::AllLookups,
    postgres::{PostgresConnection, PostgresPool},
    presence::Presence,
    reader::Reader,
    row::{Row, Value, query_as, rows},
    sqlite::{Writer, WriterTransaction},
};
use crate::model::client::ClientId;

/// How long a request waits for a connection, and a statement for a lock. Then it is a 503.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The database that is there.
#[derive(Clone, Debug)]
pub(super) enum Db {
    /// One file: one connection that reads and never waits, and one that writes.
    Sqlite {
        reader: Reader,
        writer: Writer,
        _presence: Arc<Presence>,
    },
    /// A server that several nodes share.
    Postgres {
        pool: PostgresPool,
        lookups: Arc<AllLookups>,
    },
}

/// Runs one statement that writes, as a transaction of its own.
macro_rules! on_writer {
    ($store:expr, |$db:ident| $statement:expr) => {{
        $store.faults.strike()?;
        match &$store.db {
            $crate::server::store::db::Db::Sqlite { writer, .. } => {
                let mut open = writer.begin().await?;
                let $db = &mut *open;
                let done = $statement
                    .await
                    .map_err($crate::server::store::StoreError::from)?;
                open.commit().await?;
                Ok::<_, $crate::server::store::StoreError>(done)
            }
            $crate::server::store::db::Db::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await?;
                let $db = connection.ask()?;
                let outcome = $crate::server::store::db::in_time($statement).await;
                // No answer: it may have been done, as with a commit.
                connection
                    .heard(outcome)
                    .map_err($crate::server::store::StoreError::of_commit)
            }
        }
    }};
}

/// Runs one statement inside a transaction.
macro_rules! in_tx {
    ($tx:expr, |$db:ident| $statement:expr) => {{
        let tx = &mut *$tx;
        tx.faults.strike()?;
        match &mut tx.open {
            $crate::server::store::db::Open::Sqlite(open) => {
                let $db = &mut **open;
                $statement
                    .await
                    .map_err($crate::server::store::StoreError::from)
            }
            $crate::server::store::db::Open::Postgres(open) => {
                let $db = open.ask()?;
                let outcome = $crate::server::store::db::in_time($statement).await;
                open.heard(outcome)
            }
        }
    }};
}

/// The condition of a statement that decides who is let in, for PostgreSQL.
///
/// The server has to be the primary as it runs, or it fails as read-only. A primary
/// that was demoted still answers what it knew then, and a revocation since would not be in it.
/// Asking for a lock is what a read-only transaction refuses, in recovery too, whether a row is
/// there to be locked or not. None is here, so nothing is locked or written.
macro_rules! only_on_primary {
    () => {
        " AND NOT EXISTS (SELECT 1 FROM tokens WHERE false FOR SHARE)"
    };
}

pub(super) use {in_tx, on_writer, only_on_primary};

impl Store {
    /// All rows of a statement that reads.
    pub(super) async fn read_all<R: Row>(
        &self,
        sql: &'static str,
        values: impl Into<Vec<Value>>,
    ) -> Result<Vec<R>, StoreError> {
        self.faults.strike()?;
        let values = values.into();
        match &self.db {
            Db::Sqlite { reader, .. } => {
                reader
                    .ask(move |snapshot| rows(snapshot, sql, values))
                    .await
            }
            Db::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await?;
                let rows = query_as(sql, values).fetch_all(connection.ask()?);
                let outcome = in_time(rows).await;
                connection.heard(outcome)
            }
        }
    }

    /// The one row of a statement that reads, if there is one.
    pub(super) async fn read_one<R: Row>(
        &self,
        sql: &'static str,
        values: impl Into<Vec<Value>>,
    ) -> Result<Option<R>, StoreError> {
        Ok(self.read_all(sql, values).await?.pop())
    }
}

/// A statement's outcome, if it comes before patience runs out: a server on the network may fall silent.
pub(super) async fn in_time<T>(
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    within(2 * PATIENCE, statement).await
}

/// The same with a patience of its own. Nothing that changes a file may be cut off like this: nobody
/// could say whether it was done.
pub(super) async fn within<T>(
    patience: Duration,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match timeout(patience, statement).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(StoreError::Silent),
    }
}

/// How long a connection, which is waited for so long, and what is done on it then may take: together no longer than the
/// longer of both.
pub(super) fn patience(wait: Duration) -> Duration {
    wait.max(PATIENCE)
}

/// How many rows a statement changed.
pub(super) async fn rows_affected<R: RowsAffected>(
    statement: impl Future<Output = Result<R, sqlx::Error>>,
) -> Result<u64, sqlx::Error> {
    statement.await.map(|done| done.rows_affected())
}

/// What both drivers answer to a statement that changes rows.
pub(super) trait RowsAffected {
    fn rows_affected(&self) -> u64;
}

impl RowsAffected for SqliteQueryResult {
    fn rows_affected(&self) -> u64 {
        self.rows_affected()
    }
}

impl RowsAffected for PgQueryResult {
    fn rows_affected(&self) -> u64 {
        self.rows_affected()
    }
}

/// A transaction. Dropped without [`Tx::commit`] it undoes what was done in it.
pub(super) struct Tx {
    pub(super) open: Open,
    pub(super) faults: Faults,
    /// Logged once it is certain that they happened.
    pub(super) recorded: Vec<NewActivity>,
}

/// The driver's part of it.
pub(super) enum Open {
    Sqlite(WriterTransaction),
    Postgres(PostgresConnection),
}

impl Db {
    /// Begins a transaction in which one client's data is changed, one such transaction after the other.
    ///
    /// On SQLite it holds the writer's lock from its beginning: one that began as a read and then
    /// wrote would fail at once if another process had written in between. PostgreSQL locks the
    /// client's row, and leaves it to others to refer to it: uses of tokens are written meanwhile.
    pub(super) async fn begin(&self, faults: &Faults, client: ClientId) -> Result<Tx, StoreError> {
        let mut tx = self.begin_any(faults).await?;
        tx.lock_rows(
            "SELECT 1 FROM clients WHERE id = $1 FOR NO KEY UPDATE",
            client.0,
        )
        .await?;
        Ok(tx)
    }

    /// Begins a transaction that reads nothing it then relies on.
    pub(super) async fn begin_any(&self, faults: &Faults) -> Result<Tx, StoreError> {
        faults.strike()?;
        let open = match self {
            Self::Sqlite { writer, .. } => Open::Sqlite(writer.begin().await?),
            Self::Postgres { pool, .. } => Open::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            open,
            faults: faults.clone(),
            recorded: Vec::new(),
        })
    }
}

impl Tx {
    /// Locks a client's active tokens in the order in which their use is written, where rows are
    /// locked one by one: else each could wait for the other.
    pub(super) async fn lock_tokens(&mut self, client: ClientId) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
            ORDER BY id FOR NO KEY UPDATE";
        self.lock_rows(sql, client.0).await
    }

    /// Locks rows where they are locked one by one. SQLite's one writer has them all.
    pub(super) async fn lock_rows(&mut self, sql: &'static str, id: i64) -> Result<(), StoreError> {
        if let Open::Postgres(open) = &mut self.open {
            let lock = sqlx::query(sql).bind(id).execute(open.ask()?);
            let locked = in_time(lock).await;
            open.heard(locked)?;
        }
        Ok(())
    }

    /// Makes what was done last, and logs what was recorded.
    ///
    /// # Errors
    /// [`StoreError::Unclear`] if no answer came to the commit: it may have been done.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.faults.strike()?;
        match self.open {
            Open::Sqlite(open) => open.commit().await,
            Open::Postgres(open) => open.commit().await.map_err(StoreError::of_commit),
        }?;
        for activity in &self.recorded {
            activity.log();
        }
        Ok(())
    }
}
