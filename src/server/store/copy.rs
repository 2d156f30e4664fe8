//! A SQLite database moved over to PostgreSQL, row for row.
//!
//! All of it in one transaction, so that it is there whole or not at all, and with the source held
//! meanwhile: what was acknowledged after it was read would be lost, a revocation, say. Before the
//! commit every row is read back and compared.

mod rows;
mod tables;

use std::{path::Path, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, SqliteConnection,
    Transaction, sqlite::SqliteLockingMode,
};
use thiserror::Error;

use self::tables::{TABLES, Table};
use super::{
    FOR_POSTGRES, FOR_SQLITE, IfMissing, StoreError,
    error::sqlite_code,
    file::{self, FileError},
    identity::Identity,
    postgres::connect::{connect, options},
    presence::Presence,
    schema::{self, Standing},
    sqlite,
};

/// How long others may keep the source.
const HELD: Duration = Duration::from_secs(1);

/// Why nothing was copied.
#[derive(Debug, Error)]
pub enum CopyError {
    /// Somebody has the source open, and may write to it.
    #[error("the source is in use; stop the server and whatever else has it open")]
    InUse,
    /// The source is not there, or another file came to its name.
    #[error("the source")]
    SourceFile(#[source] FileError),
    /// The source was made by an earlier version of this program.
    #[error(
        "the source's schema is not up to date; run `opentill migrate` with this program first"
    )]
    Older,
    /// The source cannot be read.
    #[error("the source")]
    Source(#[source] StoreError),
    /// The destination cannot be opened, brought up to date, or written.
    #[error("the destination")]
    Destination(#[source] StoreError),
    /// There is something in the destination.
    #[error("the destination is not empty: it has rows in {0}")]
    NotEmpty(&'static str),
    /// What was read back is not what was written.
    #[error("the destination does not hold {0} as they are in the source; nothing was copied")]
    Differs(&'static str),
}

/// What was copied of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// Copies the SQLite database at `from` into the empty PostgreSQL database at `to`. Ids, hashes and
/// times stay as they are; `from` does too. Nobody else can open `from` meanwhile, nor write to `to`.
///
/// # Errors
/// See [`CopyError`]. Nothing was copied then, except that [`StoreError::Unclear`] means that it may
/// have been: a destination that is not empty has it all.
pub async fn copy(from: &str, to: &str) -> Result<Vec<Copied>, CopyError> {
    let path = file::path_of(from).map_err(CopyError::SourceFile)?;
    let identity = identity(&path)?;
    let standing = sqlite::standing(&path).await.map_err(CopyError::Source)?;
    // Before the lock is made beside it.
    schema::refuse_foreign(standing, IfMissing::Refuse).map_err(CopyError::Source)?;
    let mut source = open_source(&path).await.map_err(of_source)?;
    let presence = Presence::alone(&path)
        .map_err(|error| of_source(error.into()))?
        .ok_or(CopyError::InUse)?;
    let mut source = source
        .begin_with("BEGIN EXCLUSIVE")
        .await
        .map_err(of_source)?;
    let standing = schema::standing(&mut *source, &FOR_SQLITE).await;
    match standing.map_err(CopyError::Source)? {
        Standing::UpToDate => {}
        Standing::Newer(version) => {
            return Err(CopyError::Source(StoreError::NewerSchema(version)));
        }
        _ => return Err(CopyError::Older),
    }

    let mut destination = open_destination(to).await?;
    let mut tx = destination.begin().await.map_err(of_destination)?;
    // Readers may come and find nothing; whoever else would write waits.
    sqlx::query("SET LOCAL lock_timeout = '5s'")
        .execute(&mut *tx)
        .await
        .map_err(of_destination)?;
    sqlx::query(
        "LOCK TABLE clients, sessions, tokens, activity, token_addresses, token_days \
         IN EXCLUSIVE MODE",
    )
    .execute(&mut *tx)
    .await
    .map_err(of_destination)?;
    refuse_rows(&mut tx).await?;
    let mut copied = Vec::new();
    for table in &TABLES {
        let rows = rows::copy(table, &mut source, &mut tx).await?;
        rows::compare(table, &mut source, &mut tx).await?;
        copied.push(Copied {
            table: table.name,
            rows,
        });
    }
    for table in TABLES.iter().filter(|table| table.has_id()) {
        go_on_counting(table, &mut source, &mut tx).await?;
    }
    if self::identity(&path)? != identity || !presence.counts(&path) {
        return Err(CopyError::SourceFile(FileError::Moved(path)));
    }
    tx.commit()
        .await
        .map_err(|error| CopyError::Destination(StoreError::from(error).of_commit()))?;
    Ok(copied)
}

/// With exclusive locking, what of other programs has the source open and does nothing is in the
/// way, too.
async fn open_source(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    file::options(path)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(HELD)
        .connect()
        .await
}

fn identity(source: &Path) -> Result<Identity, CopyError> {
    if !source.exists() {
        return Err(CopyError::SourceFile(FileError::Missing(source.to_owned())));
    }
    Identity::of(source).map_err(|error| of_source(error.into()))
}

/// Opens the destination and brings its schema up to date, unless somebody's data is there.
async fn open_destination(url: &str) -> Result<PgConnection, CopyError> {
    let of_opening = |error| CopyError::Destination(StoreError::Open(error));
    let options = options(url, "opentill copy").map_err(of_opening)?;
    let mut connection = connect(&options).await.map_err(of_opening)?;
    refuse_rows(&mut connection).await?;
    schema::bring_up_to_date(&mut connection, &FOR_POSTGRES)
        .await
        .map_err(CopyError::Destination)?;
    Ok(connection)
}

async fn refuse_rows(destination: &mut PgConnection) -> Result<(), CopyError> {
    for table in &TABLES {
        let is_there: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
            .bind(table.name)
            .fetch_one(&mut *destination)
            .await
            .map_err(of_destination)?;
        let has_rows = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
        if is_there
            && sqlx::query_scalar(AssertSqlSafe(has_rows))
                .fetch_one(&mut *destination)
                .await
                .map_err(of_destination)?
        {
            return Err(CopyError::NotEmpty(table.name));
        }
    }
    Ok(())
}

/// The next id is the one that the source would have given: none that was ever given comes again.
async fn go_on_counting(
    table: &Table,
    source: &mut SqliteConnection,
    destination: &mut Transaction<'_, Postgres>,
) -> Result<(), CopyError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1")
        .bind(table.name)
        .fetch_optional(source)
        .await
        .map_err(of_source)?;
    if let Some(last) = last.filter(|last| *last > 0) {
        sqlx::query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)")
            .bind(table.name)
            .bind(last)
            .execute(&mut **destination)
            .await
            .map_err(of_destination)?;
    }
    Ok(())
}

fn of_source(error: sqlx::Error) -> CopyError {
    // https://sqlite.org/rescode.html: BUSY, LOCKED
    match &error {
        sqlx::Error::Database(e) if matches!(sqlite_code(e.as_ref()), Some(5 | 6)) => {
            CopyError::InUse
        }
        _ => CopyError::Source(error.into()),
    }
}

fn of_destination(error: sqlx::Error) -> CopyError {
    CopyError::Destination(error.into())
}
