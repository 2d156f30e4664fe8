//! All SQL, in the words of the domain; one file per noun.
//!
//! The database is chosen at run time by the scheme of `DATABASE_URL`.
//!
//! - SQLite: WAL, so that readers never wait for the writer; `synchronous=FULL`, so that what was
//!   acknowledged survives a power cut; one writer, several readers.
//! - PostgreSQL: a server that several nodes share; every statement goes to the primary.
//!
//! Moments come in as arguments; the database's clock is not read. One suite runs on both:
//! `src/tests/store.rs`.

mod activity;
mod clients;
mod connections;
mod copy;
mod db;
mod error;
mod faults;
mod schema;
mod sessions;
mod tokens;
mod usage;

use std::{io, num::NonZeroU32, str::FromStr};

use sqlx::{
    Connection, PgConnection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use tokio::time::timeout;

use self::db::{Db, PATIENCE, Tx, on_reader, rows_affected};
pub use self::{
    activity::NewActivity,
    clients::NewClient,
    connections::Connections,
    copy::{Copied, CopyError, copy},
    error::StoreError,
    faults::Faults,
    schema::Applied,
    sessions::{NewSession, SessionLimits},
    tokens::{Creation, NewToken, Renaming, Revocation, ValidToken},
    usage::Use,
};
use crate::{domain::client::ClientId, server::database_url};

/// Connections that read the one file, usually.
const READERS: u32 = 4;
/// Connections to a database server, usually.
const CONNECTIONS: u32 = 10;

static FOR_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static FOR_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database. Copies share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    faults: Faults,
}

impl Store {
    /// Opens the database at `url` with the usual connections. A file is created if it is not there.
    ///
    /// # Errors
    /// The URL is not one of ours, or nothing can be opened there.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Connections::default()).await
    }

    /// Opens the database at `url`. A file is created if it is not there.
    ///
    /// # Errors
    /// The URL is not one of ours, or nothing can be opened there.
    pub async fn open_with(url: &str, connections: Connections) -> Result<Self, StoreError> {
        let db = if database_url::is_file(url) {
            open_sqlite(url, connections).await
        } else {
            open_postgres(url, connections).await
        };
        Ok(Self {
            db: db.map_err(StoreError::Open)?,
            faults: Faults::default(),
        })
    }

    /// Brings the schema up to date, and says what was done. If nothing is to be done, nothing but
    /// reading is needed.
    ///
    /// # Errors
    /// The schema is newer than this program, was changed by hand, or cannot be written.
    pub async fn migrate(&self) -> Result<Vec<Applied>, StoreError> {
        match &self.db {
            Db::Sqlite { writer, .. } => {
                schema::bring_up_to_date(&mut *writer.acquire().await?, &FOR_SQLITE).await
            }
            Db::Postgres(pool) => {
                schema::bring_up_to_date(&mut *pool.acquire().await?, &FOR_POSTGRES).await
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_reader!(self, |db| rows_affected(
            sqlx::query("SELECT 1").execute(db)
        ))?;
        Ok(())
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// For tests: makes statements fail.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Begins a transaction in which this client's data is changed.
    async fn begin(&self, client: ClientId) -> Result<Tx, StoreError> {
        self.db.begin(&self.faults, client).await
    }

    /// Begins a transaction that reads nothing it then relies on.
    async fn begin_any(&self) -> Result<Tx, StoreError> {
        self.db.begin_any(&self.faults).await
    }
}

async fn open_sqlite(url: &str, connections: Connections) -> Result<Db, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(connections.wait)
        .connect_with(options)
        .await?;
    let reading = SqliteConnectOptions::from_str(url)?
        .read_only(true)
        .busy_timeout(PATIENCE);
    let reader = SqlitePoolOptions::new()
        .max_connections(connections.most.map_or(READERS, NonZeroU32::get))
        .acquire_timeout(connections.wait)
        .connect_lazy_with(reading);
    Ok(Db::Sqlite { reader, writer })
}

async fn open_postgres(url: &str, connections: Connections) -> Result<Db, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("opentill");
    // One try, so that a start that cannot succeed says why, at once. The pool would go on trying.
    connect(&options).await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections.most.map_or(CONNECTIONS, NonZeroU32::get))
        .acquire_timeout(connections.wait)
        .connect_lazy_with(options);
    Ok(Db::Postgres(pool))
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    match timeout(PATIENCE, PgConnection::connect_with(options)).await {
        Ok(connection) => connection,
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    }
}
