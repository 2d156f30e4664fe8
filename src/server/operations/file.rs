//! A database file that an operation works on: whether it is intact, and whether it is ours.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteJournalMode};
use thiserror::Error;

use crate::server::{
    database_file,
    store::{
        StoreError,
        schema::{self, Standing},
        sqlite::{connect::options, paths::real_path},
    },
};

/// Why an operation on a file was not carried out.
#[derive(Debug, Error)]
pub enum FileError {
    /// There is no such file.
    #[error("{}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// The file to be written exists already.
    #[error("{}: already exists; choose another file name", .0.display())]
    Exists(PathBuf),
    /// The backup is the database that it would replace.
    #[error("{}: is the database itself", .0.display())]
    Same(PathBuf),
    /// A process has the database open.
    #[error("{}: is in use; stop the server and whatever else has it open", .0.display())]
    InUse(PathBuf),
    /// It is not a database that this program can use.
    #[error("{path}: {1}", path = .0.display())]
    Unfit(PathBuf, Unfit),
    /// SQLite failed.
    #[error("{}", .0.display())]
    Database(PathBuf, #[source] sqlx::Error),
    /// A migration failed.
    #[error("{}", .0.display())]
    Schema(PathBuf, #[source] StoreError),
    /// The path now leads to another file, or to none.
    #[error("{}: was moved, replaced or removed meanwhile", .0.display())]
    Moved(PathBuf),
    /// The file system failed.
    #[error("{}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

/// Why a file is not a database that this program can use.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// It never was a database, or its header was overwritten.
    #[error("is no SQLite database")]
    NotADatabase,
    /// It is corrupt.
    #[error("is damaged")]
    Damaged,
    /// It belongs to another program, or is empty.
    #[error("is no database of Opentill")]
    Foreign,
    /// Its schema is of a later version of this program.
    #[error("has schema version {0}, which is newer than this program; use a newer opentill")]
    Newer(i64),
}

/// How a database file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is changed, not even a write-ahead log that was left behind.
    Read,
    /// With the write-ahead log.
    Write,
    /// Exclusively, with the write-ahead log merged into the file. That fails while any other connection of whatever program
    /// is open.
    Exclusive,
}

/// The path of the database at `url`. The file need not exist, but its folder has to. Symbolic links are followed, so that the
/// file itself is replaced and locked.
pub fn path_of(url: &str) -> Result<PathBuf, FileError> {
    let at = |path: &Path, error| FileError::Io(path.to_owned(), error);
    let path = database_file::path(url)
        .map_err(|reason| at(Path::new("DATABASE_URL"), io::Error::other(reason)))?;
    real_path(&path).map_err(|error| at(&path, error))
}

/// Opens a database file that exists.
pub async fn open(path: &Path, mode: Mode) -> Result<SqliteConnection, FileError> {
    let mut options = options(path)
        .read_only(mode == Mode::Read)
        .disable_statement_logging();
    if mode == Mode::Exclusive {
        options = options.journal_mode(SqliteJournalMode::Delete);
    }
    options.connect().await.map_err(|error| failed(path, error))
}

/// The meaning of an error of SQLite for the file.
pub fn failed(path: &Path, error: sqlx::Error) -> FileError {
    // https://sqlite.org/rescode.html: BUSY, CORRUPT, NOTADB
    match primary_code(&error) {
        Some(5) => FileError::InUse(path.to_owned()),
        Some(11) => FileError::Unfit(path.to_owned(), Unfit::Damaged),
        Some(26) => FileError::Unfit(path.to_owned(), Unfit::NotADatabase),
        _ => FileError::Database(path.to_owned(), error),
    }
}

fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let code: i64 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Checks that the database is intact and ours, with this program's schema or an older one.
pub async fn check(path: &Path, connection: &mut SqliteConnection) -> Result<(), FileError> {
    let unfit = |unfit| Err(FileError::Unfit(path.to_owned(), unfit));
    let failed = |error| failed(path, error);
    let problems: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    if problems != ["ok"] {
        return unfit(Unfit::Damaged);
    }
    let standing = schema::standing(connection, &schema::SQLITE).await;
    match standing.map_err(|error| FileError::Schema(path.to_owned(), error))? {
        Standing::Newer(version) => return unfit(Unfit::Newer(version)),
        Standing::Empty | Standing::Foreign => return unfit(Unfit::Foreign),
        Standing::UpToDate | Standing::Behind => {}
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check")
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    if dangling.is_some() {
        return unfit(Unfit::Damaged);
    }
    Ok(())
}

/// Makes the names in a folder durable.
pub fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| FileError::Io(folder.to_owned(), error))
}
