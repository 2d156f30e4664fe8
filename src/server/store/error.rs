//! Why the database did not do what it was asked.

use std::{path::PathBuf, sync::Arc};

use sqlx::{error::DatabaseError, migrate::MigrateError};
use thiserror::Error;

/// Why the database did not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("the database cannot be opened")]
    Open(#[source] sqlx::Error),
    /// A restore or a copy has it alone.
    #[error("it is being restored or copied; start again when that is done")]
    Held,
    /// There is no such file, and it is not to be made.
    #[error(
        "no database at {path}; `opentill serve`, `migrate` or `client add` make one",
        path = .0.display()
    )]
    NoFile(PathBuf),
    /// There is nothing in it, and it is not to be made ours.
    #[error(
        "there is nothing in this database; `opentill serve`, `migrate` or `client add` begin it"
    )]
    Empty,
    /// It is another program's.
    #[error("this is another program's database, and was left as it is")]
    Foreign,
    /// A file that is open has lost its name.
    #[error("{} was moved, replaced or removed", .0.display())]
    Moved(PathBuf),
    /// The address leads to another PostgreSQL database than the one that was opened.
    #[error("the address leads to another database than at the start")]
    OtherDatabase,
    /// Its schema was made by a later version of this program.
    #[error(
        "the database has schema version {0}, which is newer than this program; use a newer opentill"
    )]
    NewerSchema(i64),
    /// Its schema cannot be brought up to date.
    #[error("the database schema cannot be brought up to date")]
    Migrate(#[source] MigrateError),
    /// Its schema is not up to date, and whoever asks may not change it.
    #[error(
        "the database schema is not up to date, and this role may not change it; run `opentill migrate` as one that may"
    )]
    MayNotMigrate,
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] sqlx::Error),
    /// The file could not be read.
    #[error("the file could not be read")]
    Read(#[source] rusqlite::Error),
    /// The session that asked for a change has ended, so nothing was changed.
    #[error("the session that asked for it has ended")]
    SessionEnded,
    /// The client that asked for a change may not make it any more, so nothing was changed.
    #[error("the client that asked for it is not active")]
    NotActive,
    /// No answer came in time.
    #[error("the database fell silent")]
    Silent,
    /// A commit failed in a way that does not tell whether it was done.
    #[error("whether a change was made is not known")]
    Unclear(#[source] Box<StoreError>),
    /// What several had asked for together failed.
    #[error(transparent)]
    Shared(Arc<StoreError>),
    /// A row holds what no code of ours wrote.
    #[error("row {id} of {table} holds a value that is not allowed")]
    BadRow {
        /// The table.
        table: &'static str,
        /// The row's id.
        id: i64,
    },
}

impl StoreError {
    /// Whether it may be well again in a moment, and nothing was changed: locked, full, read-only or
    /// out of reach.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Statement(sqlx::Error::Database(error)) => is_passing(error.as_ref()),
            Self::Statement(error) => matches!(
                error,
                sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
                    | sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::Protocol(_)
            ),
            Self::Read(rusqlite::Error::SqliteFailure(error, _)) => {
                SQLITE_PASSING.contains(&(i64::from(error.extended_code) & 0xff))
            }
            Self::Silent | Self::Moved(_) | Self::OtherDatabase => true,
            Self::Shared(error) => error.is_unavailable(),
            _ => false,
        }
    }

    /// Whether the database that was opened is no longer where its address leads. That is logged once, when it is found.
    pub fn is_moved(&self) -> bool {
        match self {
            Self::Moved(_) | Self::OtherDatabase => true,
            Self::Shared(error) => error.is_moved(),
            _ => false,
        }
    }

    /// What a failed commit means: the database said that it was not done, or nobody knows.
    pub(super) fn of_commit(self) -> Self {
        match &self {
            Self::Statement(sqlx::Error::Database(error)) if !is_unclear(error.as_ref()) => self,
            _ => Self::Unclear(Box::new(self)),
        }
    }

    /// What it means that the schema was not brought up to date.
    pub(super) fn of_migration(error: MigrateError) -> Self {
        // PostgreSQL, appendix A: insufficient privilege.
        const FORBIDDEN: &str = "42501";
        match error {
            MigrateError::VersionMissing(version) => Self::NewerSchema(version),
            MigrateError::Execute(sqlx::Error::Database(error))
            | MigrateError::ExecuteMigration(sqlx::Error::Database(error), _)
                if error.code().is_some_and(|code| code == FORBIDDEN) =>
            {
                Self::MayNotMigrate
            }
            error => Self::Migrate(error),
        }
    }

    pub(super) fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Statement(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// <https://sqlite.org/rescode.html>: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL.
const SQLITE_PASSING: [i64; 7] = [5, 6, 8, 10, 13, 14, 15];

/// SQLite's primary result code, if it is SQLite that complains: the lowest byte of the code.
pub(super) fn sqlite_code(error: &dyn DatabaseError) -> Option<i64> {
    error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .and_then(|error| error.code()?.parse::<i64>().ok())
        .map(|code| code & 0xff)
}

/// Whether a commit that failed like this may have been done all the same.
fn is_unclear(error: &dyn DatabaseError) -> bool {
    const IOERR: i64 = 10;
    // PostgreSQL, appendix A: connection, operator (it can end a session that waits for a standby,
    // with the commit done here), system, and a statement whose completion is unknown.
    const UNCLEAR: [&str; 4] = ["08", "57", "58", "40003"];
    if let Some(code) = sqlite_code(error) {
        return code == IOERR;
    }
    error
        .code()
        .is_some_and(|code| UNCLEAR.iter().any(|unclear| code.starts_with(unclear)))
}

fn is_passing(error: &dyn DatabaseError) -> bool {
    // PostgreSQL, appendix A. Classes: connection, resources, operator. Single codes: read-only
    // transaction (a primary that no longer is one), serialization, deadlock, lock not available.
    const CLASSES: [&str; 3] = ["08", "53", "57"];
    const CODES: [&str; 4] = ["25006", "40001", "40P01", "55P03"];
    if let Some(code) = sqlite_code(error) {
        return SQLITE_PASSING.contains(&code);
    }
    error.code().is_some_and(|code| {
        CODES.contains(&code.as_ref()) || CLASSES.iter().any(|class| code.starts_with(class))
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn a_lookup_fails_for_a_while_where_any_other_statement_would() {
        let lookup = |code| {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            StoreError::Shared(Arc::new(StoreError::Read(error)))
        };
        for code in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_RECOVERY,
            ffi::SQLITE_IOERR_READ,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_PROTOCOL,
        ] {
            assert!(lookup(code).is_unavailable(), "{code}");
        }
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR] {
            assert!(!lookup(code).is_unavailable(), "{code}");
        }
    }
}
