//! All SQL, in the words of the domain; one file per noun.
//!
//! The database is chosen at run time by the scheme of `DATABASE_URL`. SQLite is the one there is:
//! WAL, so that readers never wait for the writer; `synchronous=FULL`, so that what was acknowledged
//! survives a power cut; one writer, whose transactions begin as writes, so that none has to be
//! upgraded half-way; several readers. Moments come in as arguments; the database's clock is not read.
//!
//! A second database gets its own pools here, its own `migrations/` folder with the same file names,
//! and the same suite, `src/tests/store.rs`.

mod clients;
mod sessions;
mod tokens;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Executor, Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use thiserror::Error;

pub use clients::NewClient;
pub use sessions::SessionLimits;
pub use tokens::{Creation, NewToken, Revocation, ValidToken};

/// How long a statement waits for a lock, and a request for a connection. Then it is a 503.
const PATIENCE: Duration = Duration::from_secs(2);
const READERS: u32 = 4;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The database. Copies share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    reader: SqlitePool,
    writer: SqlitePool,
}

impl Store {
    /// Opens the database at `url`, which is created if it is not there.
    ///
    /// # Errors
    /// The URL is not one of ours, or the file cannot be opened.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(StoreError::Open)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(StoreError::Open)?;
        let reading = SqliteConnectOptions::from_str(url)
            .map_err(StoreError::Open)?
            .read_only(true)
            .busy_timeout(PATIENCE);
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(reading);
        Ok(Self { reader, writer })
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// The schema is newer than this program, was changed by hand, or cannot be written.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS
            .run(&self.writer)
            .await
            .map_err(|error| match error {
                MigrateError::VersionMissing(version) => StoreError::NewerSchema(version),
                error => StoreError::Migrate(error),
            })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.reader.execute("SELECT 1").await?;
        Ok(())
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the writer's lock from its beginning. One that began as a read
    /// and then wrote would fail at once if another process had written in between.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Why the database did not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("the database cannot be opened")]
    Open(#[source] sqlx::Error),
    /// Its schema was made by a later version of this program.
    #[error(
        "the database has schema version {0}, which is newer than this program; use a newer opentill"
    )]
    NewerSchema(i64),
    /// Its schema cannot be brought up to date.
    #[error("the database schema cannot be brought up to date")]
    Migrate(#[source] MigrateError),
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] sqlx::Error),
    /// A row holds what no code of ours wrote.
    #[error("row {id} of {table} holds a value that is not allowed")]
    BadRow {
        /// The table.
        table: &'static str,
        /// The row's id.
        id: i64,
    },
}

impl StoreError {
    /// Whether it may be well again in a moment: locked, full, read-only or out of reach.
    pub fn is_unavailable(&self) -> bool {
        // https://sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
        const PASSING: [i64; 6] = [5, 6, 8, 10, 13, 14];
        match self {
            Self::Statement(sqlx::Error::Database(error)) => error
                .code()
                .and_then(|code| code.parse::<i64>().ok())
                // The lowest byte is the primary code.
                .is_some_and(|code| PASSING.contains(&(code & 0xff))),
            Self::Statement(error) => matches!(
                error,
                sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
                    | sqlx::Error::Io(_)
            ),
            _ => false,
        }
    }

    fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Statement(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}
