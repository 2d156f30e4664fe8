//! Copies a SQLite database to PostgreSQL, row by row.
//!
//! All of it in one transaction, so that it appears complete or not at all, and with the source locked meanwhile: a change,
//! such as a revocation, that was acknowledged after the source was read would be lost. Before the commit every row is read
//! back and compared.

mod error;
mod rows;
mod tables;

use std::{path::Path, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, SqliteConnection,
    Transaction, sqlite::SqliteLockingMode,
};

pub use self::error::CopyError;
use self::{
    error::{of_destination, of_source},
    tables::{TABLES, Table},
};
use super::file::{self, FileError};
use crate::server::store::{
    StoreError,
    postgres::connect::{connect, options},
    schema::{self, IfMissing, Standing},
    sqlite::{self, identity::Identity, lock_file::LockFile},
};

/// How long the copy waits for locks of other processes on the source.
const SOURCE_LOCK: Duration = Duration::from_secs(1);

/// A table that was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: &'static str,
    /// The number of its rows.
    pub rows: u64,
}

/// Copies the SQLite database at `from` into the empty PostgreSQL database at `to`. Ids, hashes and times stay the same, and
/// `from` is not changed. Meanwhile no other process can open `from` or write to `to`.
///
/// # Errors
/// See [`CopyError`]. Nothing was copied then, except that [`StoreError::Unclear`] means that it may have been: a destination
/// that is not empty has all of it.
pub async fn copy(from: &str, to: &str) -> Result<Vec<Copied>, CopyError> {
    let path = file::path_of(from).map_err(CopyError::SourceFile)?;
    let identity = identity(&path)?;
    let standing = sqlite::standing(&path).await.map_err(CopyError::Source)?;
    // Before the lock file is created beside it.
    schema::refuse_foreign(standing, IfMissing::Refuse).map_err(CopyError::Source)?;
    let mut source = open_source(&path).await.map_err(of_source)?;
    let lock = LockFile::exclusive(&path)
        .map_err(|error| of_source(error.into()))?
        .ok_or(CopyError::InUse)?;
    let mut source = source
        .begin_with("BEGIN EXCLUSIVE")
        .await
        .map_err(of_source)?;
    let standing = schema::standing(&mut *source, &schema::SQLITE).await;
    match standing.map_err(CopyError::Source)? {
        Standing::UpToDate => {}
        Standing::Newer(version) => {
            return Err(CopyError::Source(StoreError::NewerSchema(version)));
        }
        _ => return Err(CopyError::Older),
    }

    let mut destination = open_destination(to).await?;
    let mut tx = destination.begin().await.map_err(of_destination)?;
    // Readers find nothing; other writers wait.
    sqlx::query("SET LOCAL lock_timeout = '5s'")
        .execute(&mut *tx)
        .await
        .map_err(of_destination)?;
    let lock_all = format!("LOCK TABLE {} IN EXCLUSIVE MODE", tables::names());
    sqlx::query(AssertSqlSafe(lock_all))
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
        continue_ids(table, &mut source, &mut tx).await?;
    }
    if self::identity(&path)? != identity || !lock.is_in_place(&path) {
        return Err(CopyError::SourceFile(FileError::Moved(path)));
    }
    tx.commit()
        .await
        .map_err(|error| CopyError::Destination(StoreError::from(error).of_commit()))?;
    Ok(copied)
}

/// With exclusive locking, which fails even if another program has the source open and is idle.
async fn open_source(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    sqlite::connect::options(path)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(SOURCE_LOCK)
        .connect()
        .await
}

fn identity(source: &Path) -> Result<Identity, CopyError> {
    if !source.exists() {
        return Err(CopyError::SourceFile(FileError::Missing(source.to_owned())));
    }
    Identity::of(source).map_err(|error| of_source(error.into()))
}

/// Opens the destination and migrates its schema, unless there are rows in it.
async fn open_destination(url: &str) -> Result<PgConnection, CopyError> {
    let of_opening = |error| CopyError::Destination(StoreError::Open(error));
    let options = options(url, "opentill copy").map_err(of_opening)?;
    let mut connection = connect(&options).await.map_err(of_opening)?;
    refuse_rows(&mut connection).await?;
    schema::bring_up_to_date(&mut connection, &schema::POSTGRES)
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

/// Makes the next id the one that the source would have assigned: no id is ever assigned again.
async fn continue_ids(
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
