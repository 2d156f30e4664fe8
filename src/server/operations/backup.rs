//! Backs a SQLite database up while it is in use.
//!
//! `VACUUM INTO` reads the database as of one moment, in one read transaction, and with the write-ahead log no connection
//! waits for a reader. The online backup API would begin again whenever another process writes, and would copy pages that
//! still hold deleted rows.

use std::{fs, path::Path};

use sqlx::Connection;

use super::file::{self, FileError, Mode};
use crate::server::store::sqlite::{
    identity::Identity,
    paths::{folder_of, real_path},
};

/// Copies the database at `url` into the new file `to`, as of the moment this begins, and returns the copy's size in bytes. The
/// file appears complete or not at all, and only its owner may read it.
///
/// # Errors
/// There is no database, or it is corrupt; `to` exists, or cannot be written.
pub async fn backup(url: &str, to: &Path) -> Result<u64, FileError> {
    let database = file::path_of(url)?;
    if !database.exists() {
        return Err(FileError::Missing(database));
    }
    let of_database = |error| FileError::Io(database.clone(), error);
    let identity = Identity::of(&database).map_err(of_database)?;
    let at = |error| FileError::Io(to.to_owned(), error);
    if fs::symlink_metadata(to).is_ok() {
        return Err(FileError::Exists(to.to_owned()));
    }
    let target = real_path(to).map_err(at)?;
    let folder = folder_of(&target);
    // Only its owner may read it, and it is removed if anything fails.
    let copy = tempfile::Builder::new()
        .prefix(".opentill-backup-")
        .tempfile_in(folder)
        .map_err(at)?;
    copy_into(&database, copy.path())
        .await
        .map_err(|error| match error {
            // The user does not know the temporary path.
            FileError::Database(path, error) if path == copy.path() => {
                FileError::Database(to.to_owned(), error)
            }
            error => error,
        })?;

    // Otherwise it would be a backup of a file that is no longer the database.
    if Identity::of(&database).ok() != Some(identity) {
        return Err(FileError::Moved(database));
    }

    let file = copy.as_file();
    file.sync_all().map_err(at)?;
    let size = file.metadata().map_err(at)?.len();
    copy.persist_noclobber(&target).map_err(|failed| {
        if failed.error.kind() == std::io::ErrorKind::AlreadyExists {
            FileError::Exists(to.to_owned())
        } else {
            at(failed.error)
        }
    })?;
    file::sync_folder(folder)?;
    Ok(size)
}

async fn copy_into(database: &Path, copy: &Path) -> Result<(), FileError> {
    let name = copy.to_str().ok_or_else(|| {
        let error = std::io::Error::other("its path is not Unicode, which SQLite needs");
        FileError::Io(copy.to_owned(), error)
    })?;
    let of_database = |error| file::failed(database, error);
    let mut connection = file::open(database, Mode::Write).await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(name)
        .execute(&mut connection)
        .await;
    // Also after a failure, so that SQLite removes its files beside the database.
    let closed = connection.close().await;
    copied.map_err(|error| match of_database(error) {
        // Neither in use nor corrupt: it is the copy that cannot be written.
        FileError::Database(_, error) => FileError::Database(copy.to_owned(), error),
        error => error,
    })?;
    closed.map_err(of_database)?;

    // A fault of the copy is one of the database, and better found now than at the restore.
    let mut connection = file::open(copy, Mode::Read).await?;
    match file::check(copy, &mut connection).await {
        Err(FileError::Unfit(_, unfit)) => Err(FileError::Unfit(database.to_owned(), unfit)),
        checked => checked,
    }?;
    connection
        .close()
        .await
        .map_err(|error| file::failed(copy, error))
}
