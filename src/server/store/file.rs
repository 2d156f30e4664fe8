//! A SQLite database as a file: where it is, whether it is whole, and whether it is ours.

use std::{
    ffi::OsString,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use thiserror::Error;

use super::{
    FOR_SQLITE, PATIENCE, StoreError,
    schema::{self, Standing},
};
use crate::server::database_file;

/// Files that SQLite keeps beside a database. They belong to it and would be taken for part of
/// any other database that comes to its name.
pub(super) const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why a backup or a restore was not done.
#[derive(Debug, Error)]
pub enum FileError {
    /// There is no such file.
    #[error("{}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// What would be written is there already.
    #[error("{}: exists already; name a new file", .0.display())]
    Exists(PathBuf),
    /// The backup is the database that it would be put in the place of.
    #[error("{}: is the database itself", .0.display())]
    Same(PathBuf),
    /// Somebody has the database open.
    #[error("{}: is in use; stop the server and whatever else has it open", .0.display())]
    InUse(PathBuf),
    /// It is no database that this program could work with.
    #[error("{path}: {1}", path = .0.display())]
    Unfit(PathBuf, Unfit),
    /// SQLite failed.
    #[error("{}", .0.display())]
    Database(PathBuf, #[source] sqlx::Error),
    /// The schema cannot be brought up to date.
    #[error("{}", .0.display())]
    Schema(PathBuf, #[source] StoreError),
    /// Another file has come to its name.
    #[error("{}: was moved, replaced or removed meanwhile", .0.display())]
    Moved(PathBuf),
    /// The file system failed.
    #[error("{}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

/// Why a file is no database that this program could work with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// It was never a database, or its beginning was overwritten.
    #[error("is no SQLite database")]
    NotADatabase,
    /// It was a database.
    #[error("is damaged")]
    Damaged,
    /// It is another program's, or empty.
    #[error("is no database of Opentill")]
    Foreign,
    /// It was made by a later version of this program.
    #[error("has schema version {0}, which is newer than this program; use a newer opentill")]
    Newer(i64),
}

/// How a database file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing is changed, not even a write-ahead log that somebody left behind.
    Read,
    /// As usual.
    Write,
    /// Alone, and with all of the database in its one file: its write-ahead log is folded in.
    /// That fails while any other connection is open, of whatever program.
    Alone,
}

/// Where the database at `url` is. The file need not be there, but its folder has to be.
///
/// Symbolic links are followed, so that it is the file itself that is replaced and locked.
pub(super) fn path_of(url: &str) -> Result<PathBuf, FileError> {
    let at = |path: &Path, error| FileError::Io(path.to_owned(), error);
    let path = database_file::path(url)
        .map_err(|reason| at(Path::new("DATABASE_URL"), io::Error::other(reason)))?;
    real_path(&path).map_err(|error| at(&path, error))
}

/// The same place, absolute and without symbolic links, so that SQLite does not read it as a URI either.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match (path.canonicalize(), path.file_name()) {
        (Err(error), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let folder = folder.canonicalize()?;
            match fs::read_link(path) {
                // A link to what is not there yet.
                Ok(target) => real_path(&folder.join(target)),
                Err(_) => Ok(folder.join(name)),
            }
        }
        (real, _) => real,
    }
}

/// Makes an empty file, unless one is there. Its owner alone may read it, and what SQLite makes beside it.
pub(super) fn create(path: &Path) -> io::Result<()> {
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        // Whatever the process takes away from the modes of new files.
        Ok(file) => file.set_permissions(Permissions::from_mode(0o600)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// What all connections to a database file have in common.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        // There may be no folder for temporary files.
        .pragma("temp_store", "MEMORY")
}

/// The folder of a real path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// The path with `suffix` after its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Opens a database file that is there.
pub(super) async fn open(path: &Path, mode: Mode) -> Result<SqliteConnection, FileError> {
    let mut options = options(path)
        .read_only(mode == Mode::Read)
        .disable_statement_logging();
    if mode == Mode::Alone {
        options = options.journal_mode(SqliteJournalMode::Delete);
    }
    options.connect().await.map_err(|error| failed(path, error))
}

/// What an error of SQLite says about the file.
pub(super) fn failed(path: &Path, error: sqlx::Error) -> FileError {
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

/// Whether the database is whole and ours, in this program's schema or an older one.
pub(super) async fn check(path: &Path, connection: &mut SqliteConnection) -> Result<(), FileError> {
    let unfit = |unfit| Err(FileError::Unfit(path.to_owned(), unfit));
    let failed = |error| failed(path, error);
    let faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    if faults != ["ok"] {
        return unfit(Unfit::Damaged);
    }
    let standing = schema::standing(connection, &FOR_SQLITE).await;
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

/// Sees to it that the names in a folder survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| FileError::Io(folder.to_owned(), error))
}
