//! A SQLite file and the connections to it.

pub mod connect;
pub mod files;
pub mod identity;
pub mod location;
pub mod lock_file;
pub mod paths;
pub mod reader;
pub mod snapshot;
pub mod writer;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{ConnectOptions, Connection};

use self::{files::Files, lock_file::LockFile, reader::Reader, snapshot::Memory, writer::Writer};
use super::{
    StoreError,
    connections::Connections,
    deadlines,
    schema::{self, IfMissing, Standing},
};
use crate::server::database_file;

/// KiB of pages that the reader of tokens and sessions caches.
const VERIFIER_CACHE: u32 = 16 * 1024;
/// KiB of pages that the reader of everything else caches.
const LIST_CACHE: u32 = 8 * 1024;

/// An open file. Each connection that reads sees the last commit, whichever connection or process made it.
#[derive(Debug)]
pub struct OpenDatabase<M> {
    /// Looks up tokens and sessions.
    pub verifier: Reader<M>,
    /// Reads everything else, which may take long.
    pub lists: Reader<()>,
    pub writer: Writer,
    pub lock: LockFile,
}

/// Opens the database at `url`. One of another program is left as it is, and gets no file beside it.
pub async fn open<M: Memory>(
    url: &str,
    connections: Connections,
    if_missing: IfMissing,
) -> Result<OpenDatabase<M>, StoreError> {
    let path = find(url, if_missing)?;
    let exists = path.exists();
    if exists && !lock_file::exists(&path) {
        refuse_foreign(&path, if_missing).await?;
    }
    let lock = LockFile::shared(&path).map_err(failed)?;
    let lock = lock.ok_or(StoreError::Held)?;
    if !exists {
        // Only now: a restore may have been about to put a database there.
        paths::create(&path).map_err(failed)?;
    }
    refuse_foreign(&path, if_missing).await?;

    let files = Files::of(&path).and_then(|files| files.with_lock(&lock));
    let files = Arc::new(files.map_err(failed)?);
    let writer = Writer::open(Arc::clone(&files), connections).await?;
    let limit = deadlines::of_file(connections.wait);
    let verifier = Reader::start_task(Arc::clone(&files), VERIFIER_CACHE, limit);
    let lists = Reader::start_thread(files, LIST_CACHE, limit);
    Ok(OpenDatabase {
        verifier: verifier.map_err(failed)?,
        lists: lists.map_err(failed)?,
        writer,
        lock,
    })
}

fn failed(error: io::Error) -> StoreError {
    StoreError::Open(error.into())
}

/// The path of the file at `url`, which exists unless it may be created.
fn find(url: &str, if_missing: IfMissing) -> Result<PathBuf, StoreError> {
    let named = database_file::path(url).map_err(|reason| failed(io::Error::other(reason)))?;
    match (paths::real_path(&named), if_missing) {
        (Ok(path), IfMissing::Refuse) if !path.exists() => Err(StoreError::NoFile(path)),
        (Err(error), IfMissing::Refuse) if error.kind() == io::ErrorKind::NotFound => {
            Err(StoreError::NoFile(named))
        }
        (found, _) => found.map_err(failed),
    }
}

/// Refuses a database of another program before anything is written.
async fn refuse_foreign(path: &Path, if_missing: IfMissing) -> Result<(), StoreError> {
    let standing = standing(path).await?;
    schema::refuse_foreign(standing, if_missing)
}

/// Which program the file belongs to, and the state of its schema.
pub async fn standing(path: &Path) -> Result<Standing, StoreError> {
    let mut connection = connect::options(path)
        .connect()
        .await
        .map_err(StoreError::Open)?;
    let standing = schema::standing(&mut connection, &schema::SQLITE).await;
    connection.close().await.map_err(StoreError::Open)?;
    standing
}

#[cfg(test)]
mod tests;
