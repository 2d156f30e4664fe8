//! All SQL, in the words of the model; one file per noun.
//!
//! The database is chosen at run time by the scheme of `DATABASE_URL`.
//!
//! - SQLite: WAL, so that readers never wait for the writer; `synchronous=FULL`, so that what was
//!   acknowledged survives a power cut; one connection writes, one reads.
//! - PostgreSQL: a server that several nodes share; every statement goes to the primary.
//!
//! Moments come in as arguments; the database's clock is not read. One suite runs on both:
//! `src/tests/store.rs`.

mod activity;
mod authority;
mod backup;
mod carry_over;
mod cautions;
mod clients;
mod connections;
mod copy;
mod db;
mod error;
mod faults;
mod file;
mod identity;
mod lookups;
mod overview;
mod postgres;
mod presence;
mod reader;
mod replace;
mod restore;
mod row;
mod schema;
mod sessions;
mod spares;
mod sqlite;
mod tokens;
mod usage;

use sqlx::{Connection, migrate::Migrator};

pub use self::{
    activity::{NewActivity, TrailPart},
    backup::backup,
    clients::NewClient,
    connections::Connections,
    copy::{Copied, CopyError, copy},
    error::StoreError,
    faults::Faults,
    file::{FileError, Unfit},
    overview::{InAll, Overview, OverviewLimits},
    restore::{CarriedOver, Gap, Restore, Restored, Revoke},
    schema::Applied,
    sessions::{FoundSession, MAX_SESSIONS, NewSession, SessionLimits},
    tokens::{Creation, NewToken, Renaming, Revocation, ValidToken},
    usage::Use,
};
use self::{
    connections::IfMissing,
    db::{Db, PATIENCE, Tx, only_on_primary},
    lookups::AllLookups,
    postgres::PostgresPool,
};
use crate::{model::client::ClientId, server::database_url};

static FOR_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static FOR_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Rows of a list that are read at a time at most: one question must not hold up those of others.
pub const MAX_ROWS: u32 = 1_000;

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
    /// The URL is not one of ours, nothing can be opened there, or a restore or a copy has it alone.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Connections::default()).await
    }

    /// Opens the database at `url`. A file is created if it is not there.
    ///
    /// # Errors
    /// The URL is not one of ours, nothing can be opened there, it is another program's, or a restore or a copy has it
    /// alone.
    pub async fn open_with(url: &str, connections: Connections) -> Result<Self, StoreError> {
        Self::open_or(url, connections, IfMissing::Create).await
    }

    /// Opens the database at `url`, which has to be there.
    ///
    /// # Errors
    /// As [`Self::open_with`], or there is no such file, or nothing in it.
    pub async fn open_existing(url: &str, connections: Connections) -> Result<Self, StoreError> {
        Self::open_or(url, connections, IfMissing::Refuse).await
    }

    async fn open_or(
        url: &str,
        connections: Connections,
        if_missing: IfMissing,
    ) -> Result<Self, StoreError> {
        let db = if database_url::is_file(url) {
            sqlite::open(url, connections, if_missing).await?
        } else {
            let pool = PostgresPool::open(url, connections).await;
            let pool = pool.map_err(StoreError::Open)?;
            let mut connection = pool.connect().await.map_err(StoreError::Open)?;
            let standing = schema::standing(&mut connection, &FOR_POSTGRES).await?;
            schema::refuse_foreign(standing, if_missing)?;
            connection.close().await?;
            Db::Postgres {
                lookups: AllLookups::start(&pool, connections.wait + 2 * PATIENCE).into(),
                pool,
            }
        };
        Ok(Self {
            db,
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
            Db::Sqlite { writer, .. } => writer.migrate().await,
            Db::Postgres { pool, .. } => {
                // Waiting for another node to do it, or changing many rows, may take longer than
                // any statement of a request.
                let mut connection = pool.connect().await?;
                let applied = schema::bring_up_to_date(&mut connection, &FOR_POSTGRES).await?;
                connection.close().await?;
                Ok(applied)
            }
        }
    }

    /// What is unsafe about where the database is: a sentence for each thing.
    pub fn cautions(&self) -> Vec<String> {
        match &self.db {
            Db::Sqlite { writer, .. } => cautions::of(writer.files().database()),
            Db::Postgres { .. } => Vec::new(),
        }
    }

    /// Whether the database answers, and is the one that writes.
    ///
    /// # Errors
    /// It does not, or is not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let sql = match &self.db {
            Db::Sqlite { .. } => "SELECT 1",
            Db::Postgres { .. } => {
                concat!("SELECT CAST(1 AS BIGINT) WHERE true", only_on_primary!())
            }
        };
        let _: Option<(i64,)> = self.read_one(sql, []).await?;
        Ok(())
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { reader, writer, .. } => {
                reader.close().await;
                writer.close().await;
            }
            Db::Postgres { pool, .. } => pool.close().await,
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
