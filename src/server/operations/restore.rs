//! Restores a backup of a SQLite database without undoing revocations made since.
//!
//! A backup is older than the database it replaces. Restored as it is, it would make every token valid that was revoked since
//! then, reopen every account closed since then, and bring back every password changed since then. So if the database in
//! place is readable and is a later state of the backup, these changes are re-applied; otherwise the operator has to say what
//! to revoke.

use std::{
    fmt,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::{
    carry_over::{self, CarriedOver, Revoke},
    file::{self, FileError, Mode, Unfit},
    replace::replace,
};
use crate::{
    model::timestamp::Timestamp,
    server::store::{
        StoreError, schema,
        sqlite::{
            lock_file::LockFile,
            paths::{SIDE_FILES, beside, folder_of, real_path},
        },
    },
};

/// Why it is not known what was revoked since the backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// There is no database in place.
    NoDatabase,
    /// The one in place cannot be read.
    Unfit(Unfit),
    /// The one in place is not a later state of the backup.
    Unrelated,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDatabase => f.write_str("there is none in place"),
            Self::Unfit(unfit) => write!(f, "the one in place {unfit}"),
            Self::Unrelated => f.write_str("the one in place does not come from this backup"),
        }
    }
}

/// The outcome of a restore.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Number of clients.
    pub clients: i64,
    /// Number of active tokens.
    pub tokens: i64,
    /// Changes re-applied from the database that was in place.
    pub carried_over: Option<CarriedOver>,
    /// Tokens revoked because of [`Revoke`].
    pub revoked: u64,
    /// The path at which the database that was in place is kept.
    pub kept: Option<PathBuf>,
}

/// A backup that was found intact, copied beside the database that it is to replace. No other process has that one open as
/// long as this lives.
pub struct Restore {
    lock: LockFile,
    database: PathBuf,
    /// Beside the database, so that moving the copy is one step. Removed if anything fails.
    folder: TempDir,
    backup: SqliteConnection,
    gap: Option<Gap>,
}

impl Restore {
    /// Prepares the replacement of the database at `url` by the backup `from`. Nothing is replaced yet, and the backup itself
    /// is never changed.
    ///
    /// # Errors
    /// `from` does not exist, is corrupt, not ours or of a newer schema; a process has the database open.
    pub async fn prepare(url: &str, from: &Path) -> Result<Self, FileError> {
        let database = file::path_of(url)?;
        if !from.is_file() {
            return Err(FileError::Missing(from.to_owned()));
        }
        let at = |error| FileError::Io(from.to_owned(), error);
        if real_path(from).map_err(at)? == database {
            return Err(FileError::Same(from.to_owned()));
        }
        let lock = LockFile::exclusive(&database)
            .map_err(|error| FileError::Io(database.clone(), error))?
            .ok_or_else(|| FileError::InUse(database.clone()))?;
        let folder = tempfile::Builder::new()
            .prefix(".opentill-restore-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(folder_of(&database))
            .map_err(|error| FileError::Io(database.clone(), error))?;
        let mut backup = open_copy(from, &folder.path().join(COPY)).await?;
        let gap = find_gap(&database, &mut backup).await?;
        Ok(Self {
            lock,
            database,
            folder,
            backup,
            gap,
        })
    }

    /// Why it is not known what was revoked since the backup, if it is not.
    pub fn gap(&self) -> Option<&Gap> {
        self.gap.as_ref()
    }

    /// Replaces the database. If the process is killed at any moment, either the old or the new database is in place, and an
    /// old one that could be read is complete.
    ///
    /// # Errors
    /// A file cannot be written. The old database is in place then.
    pub async fn finish(self, revoke: Revoke, now: Timestamp) -> Result<Restored, FileError> {
        let copy = self.folder.path().join(COPY);
        let of_copy = |error| file::failed(&copy, error);
        let mut backup = self.backup;
        let mut tx = backup.begin().await.map_err(of_copy)?;
        let carried_over = match &self.gap {
            None => Some(
                carry_over::carry_over(&mut tx, now)
                    .await
                    .map_err(of_copy)?,
            ),
            Some(_) => None,
        };
        let revoked = carry_over::revoke(&mut tx, revoke, now)
            .await
            .map_err(of_copy)?;
        let (clients, tokens) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM main.clients), \
             (SELECT count(*) FROM main.tokens WHERE revoked_at IS NULL)",
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(of_copy)?;
        tx.commit().await.map_err(of_copy)?;
        backup.close().await.map_err(of_copy)?;
        // Merges the log of the old one into it, and proves that no other process has it open.
        if !matches!(self.gap, Some(Gap::NoDatabase | Gap::Unfit(_))) {
            let old = file::open(&self.database, Mode::Exclusive).await?;
            let closed = old.close().await;
            closed.map_err(|error| file::failed(&self.database, error))?;
        }

        if !self.lock.is_in_place(&self.database) {
            return Err(FileError::InUse(self.database));
        }
        let kept = replace(&self.database, &copy, now)
            .map_err(|error| FileError::Io(self.database.clone(), error))?;
        Ok(Restored {
            clients,
            tokens,
            carried_over,
            revoked,
            kept,
        })
    }
}

/// The name of the backup's copy.
const COPY: &str = "restored.db";

/// Copies the backup, with the files that SQLite left beside it, and opens the copy as one file with the current schema.
async fn open_copy(from: &Path, copy: &Path) -> Result<SqliteConnection, FileError> {
    let at = |error| FileError::Io(from.to_owned(), error);
    fs::copy(from, copy).map_err(at)?;
    for suffix in SIDE_FILES {
        let side_file = beside(from, suffix);
        // SQLite makes the index of a log anew from the log.
        if suffix != "-shm" && side_file.is_file() {
            fs::copy(side_file, beside(copy, suffix)).map_err(at)?;
        }
    }
    let named = |error| match error {
        FileError::Unfit(_, unfit) => FileError::Unfit(from.to_owned(), unfit),
        FileError::Database(_, error) => FileError::Database(from.to_owned(), error),
        error => error,
    };
    let mut connection = file::open(copy, Mode::Exclusive).await.map_err(named)?;
    file::check(copy, &mut connection).await.map_err(named)?;
    schema::SQLITE
        .run(&mut connection)
        .await
        .map_err(|error| FileError::Schema(from.to_owned(), StoreError::Migrate(error)))?;
    Ok(connection)
}

/// Checks the database in place, and attaches it to the backup as `old` if it can be used.
async fn find_gap(
    database: &Path,
    backup: &mut SqliteConnection,
) -> Result<Option<Gap>, FileError> {
    if !database.exists() {
        return Ok(Some(Gap::NoDatabase));
    }
    let mut opened = file::open(database, Mode::Read).await;
    let checked = match &mut opened {
        Ok(connection) => file::check(database, connection).await,
        Err(_) => Ok(()),
    };
    match opened.and_then(|connection| checked.map(|()| connection)) {
        Ok(connection) => connection.close().await,
        Err(FileError::Unfit(_, unfit)) => return Ok(Some(Gap::Unfit(unfit))),
        Err(error) => return Err(error),
    }
    .map_err(|error| file::failed(database, error))?;

    let comes_from_backup = carry_over::attach(backup, database).await?;
    Ok((!comes_from_backup).then_some(Gap::Unrelated))
}
