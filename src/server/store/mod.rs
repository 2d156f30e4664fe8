//! The store: all SQL that serves requests. It takes and returns values of the model.
//!
//! # The store in ten minutes
//!
//! Every request with a token or a session asks [`verify`]. In SQLite one task reads the file, and all requests that wait
//! share its transaction; in PostgreSQL they share a statement. Either way the database first says its version, and a token
//! that was cached under that version is not read again. Everything else is one file per noun and one of three calls:
//! [`read_all`](Store::read_all) (or `read_one`), [`write`](Store::write), and a [`Tx`] where one statement is not enough.
//!
//! The tiers, from the top; each uses only those below it:
//!
//! ```text
//! accounts activity clients links mails mirror overview sessions tokens usage
//!                                                   impl Store: the statements of one noun each
//! authority      begins a transaction for whoever may make a change
//! mod            struct Store: open, migrate, ping, close; it owns the batches
//! db lookups     the two databases behind one way to run a statement, and what frequent lookups need
//! verify         the hot path: tokens and sessions by hash
//! sqlite         one connection writes, one verifies, one reads lists; lock file, checks of the paths
//! batches        lookups that share a statement of PostgreSQL
//! postgres       pool, connections, idle connections
//! rows           what a row is, and how it becomes a value of the model
//! deadlines schema error connections faults outbox totals    what all others use
//! ```
//!
//! - The scheme of `DATABASE_URL` selects the database when the program starts. SQL that both take is written once.
//! - SQLite is in WAL mode, so readers never wait for the writer, and `synchronous=FULL`, so an acknowledged change survives
//!   a power cut. Every read sees the last commit, whichever connection or process made it.
//! - PostgreSQL is shared by several nodes; every statement goes to the primary.
//! - Times are arguments; the clock of the database is not read.
//! - Tests for both databases: `src/tests/store.rs`. Operators' tools that serve no request: `server::operations`.

mod accounts;
mod activity;
mod authority;
mod batches;
mod check;
mod clients;
mod connections;
mod counted;
mod db;
mod error;
mod faults;
mod invitation;
mod links;
mod lookups;
mod mails;
mod mirror;
mod outbox;
mod overview;
mod sessions;
mod tokens;
mod totals;
mod usage;
mod verify;

pub(super) mod deadlines;
pub(super) mod postgres;
pub(super) mod rows;
pub(super) mod schema;
pub(super) mod sqlite;

use std::{sync::Arc, time::Instant};

use const_format::formatcp;
use sqlx::Connection;

pub(super) use self::error::sqlite_code;
pub use self::{
    accounts::{Account, ClientEdit, Edited},
    activity::{NewActivity, TrailPart},
    check::DatabaseVersion,
    clients::NewClient,
    connections::Connections,
    counted::Counted,
    error::StoreError,
    faults::Faults,
    invitation::{Invitation, Invited},
    links::FoundLink,
    mails::{Claim, ClaimedMail},
    outbox::Outbox,
    overview::{InAll, Overview, OverviewLimits},
    schema::{Applied, Standing},
    sessions::{FoundSession, MAX_SESSIONS, NewSession, SessionLimits},
    tokens::{Creation, NewToken, Renaming, Revocation},
    usage::{Refused, Use},
    verify::{ValidLimits, ValidToken},
};
use self::{
    batches::Batches,
    db::{Db, Lists, Tx},
    lookups::Lookups,
    postgres::{ONLY_ON_PRIMARY, pool::PostgresPool},
    rows::{Row, Value},
    schema::IfMissing,
    totals::Totals,
};
use super::{database_url, metrics};

/// Maximum number of rows that one statement reads of a list.
pub const MAX_ROWS: u32 = 1_000;

/// The database. Copies share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    lookups: Arc<Lookups>,
    faults: Faults,
    outbox: Outbox,
    totals: Totals,
}

impl Store {
    /// Opens the database at `url` with default settings. A file is created if there is none.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Connections::default()).await
    }

    /// Opens the database at `url`. A file is created if there is none.
    ///
    /// # Errors
    /// The URL is invalid, the database cannot be opened or belongs to another program, or a restore or a copy has it open
    /// exclusively.
    pub async fn open_with(url: &str, connections: Connections) -> Result<Self, StoreError> {
        Self::open_or(url, connections, IfMissing::Create).await
    }

    /// Opens the database at `url`, which has to exist.
    ///
    /// # Errors
    /// As [`Self::open_with`], or there is no such file, or the database is empty.
    pub async fn open_existing(url: &str, connections: Connections) -> Result<Self, StoreError> {
        Self::open_or(url, connections, IfMissing::Refuse).await
    }

    async fn open_or(
        url: &str,
        connections: Connections,
        if_missing: IfMissing,
    ) -> Result<Self, StoreError> {
        let faults = Faults::default();
        let (db, lookups) = if database_url::is_file(url) {
            let file = sqlite::open(url, connections, if_missing).await?;
            let lists = Lists::new(file.lists, faults.clone());
            let lookups = Lookups::Sqlite {
                verifier: file.verifier,
                lists: lists.clone(),
            };
            let db = Db::Sqlite {
                lists,
                writer: file.writer,
                _lock: Arc::new(file.lock),
            };
            (db, lookups)
        } else {
            let pool = PostgresPool::open(url, connections).await;
            let pool = pool.map_err(StoreError::Open)?;
            let mut connection = pool.connect().await.map_err(StoreError::Open)?;
            let standing = schema::standing(&mut connection, &schema::POSTGRES).await?;
            schema::refuse_foreign(standing, if_missing)?;
            connection.close().await?;
            let limit = deadlines::of_batch(connections.wait);
            let lookups = Lookups::Postgres {
                tokens: Batches::start(&pool, limit, metrics::TOKENS),
                sessions: Batches::start(&pool, limit, metrics::SESSIONS),
                overviews: Batches::start(&pool, limit, metrics::OVERVIEWS),
            };
            (Db::Postgres(pool), lookups)
        };
        Ok(Self {
            db,
            lookups: Arc::new(lookups),
            faults,
            outbox: Outbox::default(),
            totals: Totals::default(),
        })
    }

    /// Applies the missing migrations, and returns them. Only reads if none is missing.
    ///
    /// # Errors
    /// The schema is of a later version of this program, was changed by hand, or cannot be written.
    pub async fn migrate(&self) -> Result<Vec<Applied>, StoreError> {
        match &self.db {
            Db::Sqlite { writer, .. } => writer.migrate().await,
            Db::Postgres(pool) => {
                // Waiting for another node that migrates, or changing many rows, may take longer than any statement of a
                // request.
                let mut connection = pool.connect().await?;
                let applied = schema::bring_up_to_date(&mut connection, &schema::POSTGRES).await?;
                connection.close().await?;
                Ok(applied)
            }
        }
    }

    /// Warnings about the location of the database, a sentence for each problem.
    pub fn warnings(&self) -> Vec<String> {
        match &self.db {
            Db::Sqlite { writer, .. } => sqlite::location::warnings(writer.files().database()),
            Db::Postgres(_) => Vec::new(),
        }
    }

    /// Checks that the database answers, and is the primary.
    ///
    /// # Errors
    /// It does not answer, or is not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        const ON_PRIMARY: &str = formatcp!("SELECT CAST(1 AS BIGINT) WHERE true{ONLY_ON_PRIMARY}");
        let sql = match &self.db {
            Db::Sqlite { .. } => "SELECT 1",
            Db::Postgres(_) => ON_PRIMARY,
        };
        let _: Option<(i64,)> = self.read_one(sql, Vec::new()).await?;
        Ok(())
    }

    /// Connections that are in use for statements, and how many may be. In SQLite: the one that writes.
    pub fn connections(&self) -> (usize, usize) {
        self.db.connections()
    }

    /// Closes all connections, after their current statements.
    pub async fn close(&self) {
        if let Lookups::Sqlite { verifier, .. } = &*self.lookups {
            verifier.close().await;
        }
        self.db.close().await;
    }

    /// For tests: makes statements fail or wait.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// All rows of a statement that reads.
    async fn read_all<R: Row>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<R>, StoreError> {
        self.faults.before_statement()?;
        let began = Instant::now();
        let rows = self.db.read_all(sql, values).await;
        metrics::READ.since(began);
        rows
    }

    /// The row of a statement that reads, if there is one.
    async fn read_one<R: Row>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<R>, StoreError> {
        Ok(self.read_all(sql, values).await?.pop())
    }

    /// Runs one statement as a transaction of its own, and returns how many rows it changed.
    async fn write(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.faults.before_statement()?;
        let began = Instant::now();
        let changed = self.db.write(sql, values).await;
        metrics::WRITE.since(began);
        changed
    }

    /// Begins a transaction that does not rely on anything it reads. All others begin in [`authority`].
    async fn begin_any(&self) -> Result<Tx, StoreError> {
        Tx::begin(&self.db, &self.faults, &self.outbox).await
    }
}
