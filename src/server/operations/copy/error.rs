//! Errors of a copy.

use thiserror::Error;

use crate::server::{
    operations::file::FileError,
    store::{StoreError, sqlite_code},
};

/// Why nothing was copied.
#[derive(Debug, Error)]
pub enum CopyError {
    /// A process has the source open, and may write to it.
    #[error("the source is in use; stop the server and whatever else has it open")]
    InUse,
    /// The source does not exist, or was replaced meanwhile.
    #[error("the source")]
    SourceFile(#[source] FileError),
    /// The schema of the source is of an earlier version of this program.
    #[error(
        "the source's schema is not up to date; run `opentill migrate` with this program first"
    )]
    Older,
    /// The source cannot be read.
    #[error("the source")]
    Source(#[source] StoreError),
    /// The destination cannot be opened, migrated or written.
    #[error("the destination")]
    Destination(#[source] StoreError),
    /// The destination is not empty.
    #[error("the destination is not empty: it has rows in {0}")]
    NotEmpty(&'static str),
    /// The rows that were read back are not those that were written.
    #[error("the destination does not hold {0} as they are in the source; nothing was copied")]
    Differs(&'static str),
}

/// An error of the source.
pub fn of_source(error: sqlx::Error) -> CopyError {
    // https://sqlite.org/rescode.html: BUSY, LOCKED
    match &error {
        sqlx::Error::Database(e) if matches!(sqlite_code(e.as_ref()), Some(5 | 6)) => {
            CopyError::InUse
        }
        _ => CopyError::Source(error.into()),
    }
}

/// An error of the destination.
pub fn of_destination(error: sqlx::Error) -> CopyError {
    CopyError::Destination(error.into())
}
