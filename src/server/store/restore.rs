//! A backup in the place of a SQLite database, without reviving what was revoked since.
//!
//! A backup is older than the database it replaces. Put back as it is, it would revive every token
//! revoked since then, open every account closed since then, and bring back every password changed
//! since then. So if the database in place is readable and comes from the backup, whatever it has
//! closed is closed in the restored one; if it is not, somebody has to say what to revoke.

use std::{
    fmt,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::{
    FOR_SQLITE, StoreError, carry_over,
    file::{self, FileError, Mode, Unfit},
    presence::Presence,
    replace,
};
use crate::model::timestamp::Timestamp;
pub use carry_over::CarriedOver;

/// Which tokens of the backup to revoke, besides those known to have been revoked since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoke {
    /// Every one.
    All,
    /// Those created before a moment.
    CreatedBefore(Timestamp),
    /// No others.
    None,
}

/// Why it is not known what was revoked since the backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// No database is in place.
    NoDatabase,
    /// The one in place cannot be read.
    Unfit(Unfit),
    /// The one in place is another one, or older than the backup.
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

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Clients there are now.
    pub clients: i64,
    /// Active tokens there are now.
    pub tokens: i64,
    /// What came from the database that was in place.
    pub carried_over: Option<CarriedOver>,
    /// Tokens revoked because of [`Revoke`].
    pub revoked: u64,
    /// Where the database that was in place is kept.
    pub kept: Option<PathBuf>,
}

/// A backup that was found intact, beside the database that it is going to replace. Nobody else
/// has that one open as long as this lives.
pub struct Restore {
    presence: Presence,
    database: PathBuf,
    /// Beside the database, so that moving it there is one step. Gone again if anything fails.
    workshop: TempDir,
    backup: SqliteConnection,
    gap: Option<Gap>,
}

impl Restore {
    /// Makes everything ready for putting the backup `from` in the place of the database at `url`.
    /// Nothing is replaced yet, and the backup itself is never written to.
    ///
    /// # Errors
    /// `from` is not there, damaged, not ours or of a newer schema; somebody has the database open.
    pub async fn prepare(url: &str, from: &Path) -> Result<Self, FileError> {
        let database = file::path_of(url)?;
        if !from.is_file() {
            return Err(FileError::Missing(from.to_owned()));
        }
        let at = |error| FileError::Io(from.to_owned(), error);
        if file::real_path(from).map_err(at)? == database {
            return Err(FileError::Same(from.to_owned()));
        }
        let presence = Presence::alone(&database)
            .map_err(|error| FileError::Io(database.clone(), error))?
            .ok_or_else(|| FileError::InUse(database.clone()))?;
        let workshop = tempfile::Builder::new()
            .prefix(".opentill-restore-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(file::folder_of(&database))
            .map_err(|error| FileError::Io(database.clone(), error))?;
        let mut backup = open_copy(from, &workshop.path().join(COPY)).await?;
        let gap = find_gap(&database, &mut backup).await?;
        Ok(Self {
            presence,
            database,
            workshop,
            backup,
            gap,
        })
    }

    /// Why it is not known what was revoked since the backup, if it is not.
    pub fn gap(&self) -> Option<&Gap> {
        self.gap.as_ref()
    }

    /// Puts the backup in place. Killed at any moment, either the old database is there or the new
    /// one; an old one that could be read is whole.
    ///
    /// # Errors
    /// A file cannot be written. The old database is in place then.
    pub async fn finish(self, revoke: Revoke, now: Timestamp) -> Result<Restored, FileError> {
        let copy = self.workshop.path().join(COPY);
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
        // Now its log is folded in, and nobody else has it open.
        if !matches!(self.gap, Some(Gap::NoDatabase | Gap::Unfit(_))) {
            let alone = file::open(&self.database, Mode::Alone).await?;
            let closed = alone.close().await;
            closed.map_err(|error| file::failed(&self.database, error))?;
        }

        if !self.presence.counts(&self.database) {
            return Err(FileError::InUse(self.database));
        }
        let kept = replace::replace(&self.database, &copy, now)
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

/// The backup's name in the workshop.
const COPY: &str = "restored.db";

/// Copies the backup, with what SQLite left beside it, and opens the copy as one file with today's
/// schema.
async fn open_copy(from: &Path, copy: &Path) -> Result<SqliteConnection, FileError> {
    let at = |error| FileError::Io(from.to_owned(), error);
    fs::copy(from, copy).map_err(at)?;
    for suffix in file::SIDE_FILES {
        let beside = file::beside(from, suffix);
        // The index of a log is made anew from the log.
        if suffix != "-shm" && beside.is_file() {
            fs::copy(beside, file::beside(copy, suffix)).map_err(at)?;
        }
    }
    let named = |error| match error {
        FileError::Unfit(_, unfit) => FileError::Unfit(from.to_owned(), unfit),
        FileError::Database(_, error) => FileError::Database(from.to_owned(), error),
        error => error,
    };
    let mut connection = file::open(copy, Mode::Alone).await.map_err(named)?;
    file::check(copy, &mut connection).await.map_err(named)?;
    FOR_SQLITE
        .run(&mut connection)
        .await
        .map_err(|error| FileError::Schema(from.to_owned(), StoreError::Migrate(error)))?;
    Ok(connection)
}

/// Looks at the database in place. One that is fit is attached to the backup as `old`.
async fn find_gap(
    database: &Path,
    backup: &mut SqliteConnection,
) -> Result<Option<Gap>, FileError> {
    if !database.exists() {
        return Ok(Some(Gap::NoDatabase));
    }
    let mut looking = file::open(database, Mode::Read).await;
    let checked = match &mut looking {
        Ok(connection) => file::check(database, connection).await,
        Err(_) => Ok(()),
    };
    let looked = looking.and_then(|connection| checked.map(|()| connection));
    match looked {
        Ok(connection) => connection.close().await,
        Err(FileError::Unfit(_, unfit)) => return Ok(Some(Gap::Unfit(unfit))),
        Err(error) => return Err(error),
    }
    .map_err(|error| file::failed(database, error))?;

    let comes_from_backup = carry_over::attach(backup, database).await?;
    Ok((!comes_from_backup).then_some(Gap::Unrelated))
}
