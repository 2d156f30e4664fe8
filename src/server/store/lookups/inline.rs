//! SQLite, asked on the thread of whoever asks.
//!
//! An answer takes a few microseconds: less than it takes to hand the question to another thread
//! and be woken. Nothing here waits. A reader of a file in WAL mode needs no lock that a writer
//! holds; where there is something to wait for after all, as when another program has the file
//! alone, it is an error, and whoever asked goes to the pool.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{BY_HASH, ValidTokenRow};
use crate::server::token_secret::SecretHash;

/// Pages of the file that all connections together keep in memory, in KiB, and one at least.
const CACHE: usize = 32 * 1024;
const CACHE_OF_ONE: usize = 2 * 1024;

/// Connections of its own to one file, to ask for tokens.
#[derive(Debug)]
pub(in super::super) struct InlineLookups {
    file: PathBuf,
    /// Those that are not asked at this moment: at most as many as there are threads that ask. None
    /// is made any more once it is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl InlineLookups {
    pub(in super::super) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    /// The valid token with this hash.
    ///
    /// # Errors
    /// It would have to wait, or something is wrong.
    pub(super) fn find(&self, hash: SecretHash) -> rusqlite::Result<Option<ValidTokenRow>> {
        let idle = self.idle().as_mut().map(Vec::pop);
        let connection = match idle.ok_or(rusqlite::Error::InvalidQuery)? {
            Some(connection) => connection,
            None => self.connect()?,
        };
        // The statement is reset when it is dropped. Were it not, it would go on seeing the file as
        // it was, and with it every token revoked since.
        let found = connection
            .prepare_cached(BY_HASH)?
            .query_row([hash.0], ValidTokenRow::from_sqlite)
            .optional()?;
        if let Some(idle) = self.idle().as_mut() {
            idle.push(connection);
        }
        Ok(found)
    }

    pub(in super::super) fn close(&self) {
        self.idle().take();
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        let threads = available_parallelism().map_or(1, usize::from);
        let kibibytes = (CACHE / threads).max(CACHE_OF_ONE);
        // A negative number is one of KiB, not of pages.
        connection.pragma_update(None, "cache_size", format!("-{kibibytes}"))?;
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
