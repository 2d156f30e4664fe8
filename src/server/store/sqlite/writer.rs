//! The connection that writes to a SQLite file.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use sqlx::{
    Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    error::DatabaseError,
    sqlite::{SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::sleep;

use super::{
    connect::{self, options},
    files::Files,
};
use crate::server::store::{
    StoreError,
    connections::Connections,
    deadlines::{self, within},
    error::sqlite_code,
    rows::{Row, Value, query, query_as},
    schema::{self, Applied},
};

/// KiB of the page cache of a connection that reads nothing.
const NO_CACHE: u32 = 64;

/// The writer, a pool of one connection.
#[derive(Clone, Debug)]
pub struct Writer {
    pub(super) pool: SqlitePool,
    files: Arc<Files>,
    /// An idle connection. As long as it is open SQLite keeps the log and its index, even if all others are closed for a
    /// moment, to be opened again.
    keeper: Arc<Mutex<Option<rusqlite::Connection>>>,
}

impl Writer {
    pub async fn open(files: Arc<Files>, connections: Connections) -> Result<Self, StoreError> {
        let options = options(files.database())
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let opened = Arc::clone(&files);
        let pool_options = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(connections.wait)
            // Opened again it might be another file.
            .idle_timeout(None)
            .max_lifetime(None)
            // When a disk is full SQLite rolls back by itself, and sqlx goes on believing that it is
            // inside a transaction, for ever. Such a connection is replaced.
            .before_acquire(|connection, _| {
                let is_idle = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_idle) })
            })
            .after_connect(move |connection, _| {
                let files = Arc::clone(&opened);
                Box::pin(async move {
                    // The first read opens the log and its index.
                    sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
                        .fetch_optional(connection)
                        .await?;
                    let checked = files.check();
                    checked.map_err(|error| sqlx::Error::Configuration(error.into()))
                })
            });
        let began = Instant::now();
        let pool = loop {
            match pool_options.clone().connect_with(options.clone()).await {
                // SQLite does not wait where it switches a new file to WAL while another process does the same.
                Err(sqlx::Error::Database(error))
                    if is_busy(error.as_ref()) && began.elapsed() < deadlines::LOCK =>
                {
                    sleep(deadlines::RETRY).await;
                }
                opened => break opened.map_err(StoreError::Open)?,
            }
        };
        files.opened();
        let keeper = connect::read_only(&files, NO_CACHE, deadlines::LOCK)?;
        Ok(Self {
            pool,
            files,
            keeper: Arc::new(Mutex::new(Some(keeper))),
        })
    }

    /// Connections that are in use, and how many may be.
    pub fn connections(&self) -> (usize, usize) {
        let most = self.pool.options().get_max_connections() as usize;
        let open = self.pool.size() as usize;
        (open.saturating_sub(self.pool.num_idle()), most)
    }

    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Begins a transaction that holds the writer's lock. Waiting for the connection and then for the lock takes no longer
    /// than the longer of both limits.
    pub async fn begin(&self) -> Result<WriterTransaction, StoreError> {
        self.files.check()?;
        let limit = deadlines::of_file(self.pool.options().get_acquire_timeout());
        let open = within(limit, self.pool.begin_with("BEGIN IMMEDIATE")).await?;
        Ok(WriterTransaction {
            open,
            files: Arc::clone(&self.files),
        })
    }

    /// Applies the missing migrations in one transaction, and returns them. Of several processes that start at the same time
    /// one applies them, and the others find none missing.
    pub async fn migrate(&self) -> Result<Vec<Applied>, StoreError> {
        let began = Instant::now();
        loop {
            let mut connection = self.pool.acquire().await?;
            if schema::is_up_to_date(&mut *connection, &schema::SQLITE).await? {
                return Ok(Vec::new());
            }
            drop(connection);
            match self.begin().await {
                Ok(mut tx) => {
                    let connection: &mut SqliteConnection = &mut tx.open;
                    let applied = schema::bring_up_to_date(connection, &schema::SQLITE).await?;
                    tx.commit().await?;
                    return Ok(applied);
                }
                Err(error) if !error.is_unavailable() || began.elapsed() > deadlines::MIGRATION => {
                    return Err(error);
                }
                Err(_) => sleep(deadlines::RETRY).await,
            }
        }
    }

    /// Closes the connection, unless closing would make SQLite write to another database.
    pub async fn close(&self) {
        if self.files.may_be_closed() {
            drop(self.keeper.lock().map(|mut keeper| keeper.take()));
            // Closing the last connection copies the log into the database.
            self.pool.close().await;
        } else {
            // Never dropped, it is never closed: the end of the process only releases the files.
            std::mem::forget(self.pool.clone());
        }
    }
}

/// <https://sqlite.org/rescode.html>: BUSY.
fn is_busy(error: &dyn DatabaseError) -> bool {
    sqlite_code(error) == Some(5)
}

/// A transaction of the writer. Dropped without [`Self::commit`] it is rolled back.
pub struct WriterTransaction {
    pub(super) open: Transaction<'static, Sqlite>,
    files: Arc<Files>,
}

impl WriterTransaction {
    /// Runs a statement, and returns how many rows it changed.
    pub async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let done = query(sql, values).execute(&mut *self.open).await?;
        Ok(done.rows_affected())
    }

    /// All rows of a statement.
    pub async fn fetch<R: Row>(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        Ok(query_as(sql, values).fetch_all(&mut *self.open).await?)
    }

    /// Commits, if the paths still lead to the open files.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.files.check()?;
        let committed = self.open.commit().await.map_err(StoreError::from);
        let committed = committed.and_then(|()| self.files.check());
        committed.map_err(StoreError::of_commit)
    }
}
