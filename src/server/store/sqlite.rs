//! A SQLite database: how it is opened, and the one connection that writes.

use std::{
    io,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    error::DatabaseError,
    sqlite::{SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::sleep;

use super::{
    Applied, Connections, FOR_SQLITE, IfMissing, StoreError,
    db::{Db, PATIENCE, patience, within},
    error::sqlite_code,
    file,
    identity::Files,
    presence::{self, Presence},
    reader::{self, Reader},
    schema::{self, Standing},
};
use crate::server::database_file;

/// How long whoever starts waits for others to bring the schema up to date.
const STEPS: Duration = Duration::from_mins(1);
/// Between two looks at how far they are.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Opens the database at `url`. Another program's is left as it is, and gets no file beside it.
pub(super) async fn open(
    url: &str,
    connections: Connections,
    if_missing: IfMissing,
) -> Result<Db, StoreError> {
    let path = find(url, if_missing)?;
    let exists = path.exists();
    if exists && !presence::is_known(&path) {
        look(&path, if_missing).await?;
    }
    let presence = Presence::shared(&path).map_err(failed)?;
    let presence = presence.ok_or(StoreError::Held)?;
    if !exists {
        // Only now: a restore may have been about to put a database there.
        file::create(&path).map_err(failed)?;
    }
    look(&path, if_missing).await?;

    let files = Files::of(&path).and_then(|files| files.held(&presence));
    let files = Arc::new(files.map_err(failed)?);
    let writer = Writer::open(Arc::clone(&files), connections).await?;
    let reader = Reader::start(files, patience(connections.wait)).map_err(failed)?;
    Ok(Db::Sqlite {
        reader,
        writer,
        _presence: Arc::new(presence),
    })
}

/// <https://sqlite.org/rescode.html>: BUSY.
fn is_busy(error: &dyn DatabaseError) -> bool {
    sqlite_code(error) == Some(5)
}

fn failed(error: io::Error) -> StoreError {
    StoreError::Open(error.into())
}

/// The file that the address leads to, which is there unless it may be made.
fn find(url: &str, if_missing: IfMissing) -> Result<PathBuf, StoreError> {
    let named = database_file::path(url).map_err(|reason| failed(io::Error::other(reason)))?;
    match (file::real_path(&named), if_missing) {
        (Ok(path), IfMissing::Refuse) if !path.exists() => Err(StoreError::NoFile(path)),
        (Err(error), IfMissing::Refuse) if error.kind() == io::ErrorKind::NotFound => {
            Err(StoreError::NoFile(named))
        }
        (found, _) => found.map_err(failed),
    }
}

/// Refuses what is another program's, before anything is written.
async fn look(path: &Path, if_missing: IfMissing) -> Result<(), StoreError> {
    let standing = standing(path).await?;
    schema::refuse_foreign(standing, if_missing)
}

/// Whose database it is, and how far its schema is.
pub(super) async fn standing(path: &Path) -> Result<Standing, StoreError> {
    let mut connection = file::options(path)
        .connect()
        .await
        .map_err(StoreError::Open)?;
    let standing = schema::standing(&mut connection, &FOR_SQLITE).await;
    connection.close().await.map_err(StoreError::Open)?;
    standing
}

/// The connection that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: SqlitePool,
    files: Arc<Files>,
    /// Does nothing. As long as it is open SQLite leaves the log and its index where they are, though all others be closed
    /// for a moment, to be opened again.
    keeper: Arc<Mutex<Option<rusqlite::Connection>>>,
}

impl Writer {
    async fn open(files: Arc<Files>, connections: Connections) -> Result<Self, StoreError> {
        let options = file::options(files.database())
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
                    // Being the first to read, it opens what is kept beside the database.
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
                // SQLite does not wait where it turns a new file to WAL while somebody else does the same.
                Err(sqlx::Error::Database(error))
                    if is_busy(error.as_ref()) && began.elapsed() < PATIENCE =>
                {
                    sleep(LOOK_AGAIN).await;
                }
                opened => break opened.map_err(StoreError::Open)?,
            }
        };
        files.opened();
        let keeper = reader::connect(&files, PATIENCE)?;
        Ok(Self {
            pool,
            files,
            keeper: Arc::new(Mutex::new(Some(keeper))),
        })
    }

    /// The files that are open.
    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// Begins a transaction that holds the writer's lock. Waiting for the connection and then for the
    /// lock takes no longer than either may.
    pub(super) async fn begin(&self) -> Result<WriterTransaction, StoreError> {
        self.files.check()?;
        let patience = patience(self.pool.options().get_acquire_timeout());
        let open = within(patience, self.pool.begin_with("BEGIN IMMEDIATE")).await?;
        Ok(WriterTransaction {
            open,
            files: Arc::clone(&self.files),
        })
    }

    /// Brings the schema up to date in one transaction, and says what was done. Of those who start at the same time one
    /// does it, and the others find it done.
    pub(super) async fn migrate(&self) -> Result<Vec<Applied>, StoreError> {
        let began = Instant::now();
        loop {
            let mut connection = self.pool.acquire().await?;
            if schema::is_up_to_date(&mut *connection, &FOR_SQLITE).await? {
                return Ok(Vec::new());
            }
            drop(connection);
            match self.begin().await {
                Ok(mut tx) => {
                    let applied = schema::bring_up_to_date(&mut *tx, &FOR_SQLITE).await?;
                    tx.commit().await?;
                    return Ok(applied);
                }
                Err(error) if !error.is_unavailable() || began.elapsed() > STEPS => {
                    return Err(error);
                }
                Err(_) => sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Closes the connection, unless what SQLite does then would be done to another database.
    pub(super) async fn close(&self) {
        if self.files.may_be_closed() {
            drop(self.keeper.lock().map(|mut keeper| keeper.take()));
            // The last one that is closed puts what is in the log into the database.
            self.pool.close().await;
        } else {
            // Never dropped, it is never closed: the end of the process does no more than let go of the files.
            std::mem::forget(self.pool.clone());
        }
    }
}

/// A transaction of the writer. Dropped without [`Self::commit`] it undoes what was done in it.
pub(super) struct WriterTransaction {
    open: Transaction<'static, Sqlite>,
    files: Arc<Files>,
}

impl WriterTransaction {
    /// Makes what was done in it last, where it will be looked for.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.files.check()?;
        let committed = self.open.commit().await.map_err(StoreError::from);
        let committed = committed.and_then(|()| self.files.check().map(drop));
        committed.map_err(StoreError::of_commit)
    }
}

impl Deref for WriterTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.open
    }
}

impl DerefMut for WriterTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.open
    }
}

#[cfg(test)]
mod tests;
