//! Connections to a SQLite file.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};
use sqlx::sqlite::SqliteConnectOptions;

use super::files::Files;
use crate::server::store::{StoreError, deadlines};

/// Options that all connections of sqlx have in common.
pub fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(deadlines::LOCK)
        // There may be no folder for temporary files.
        .pragma("temp_store", "MEMORY")
}

/// Opens a connection that only reads, with a page cache of `cache` KiB. The paths must have been checked before.
pub fn read_only(files: &Files, cache: u32, lock: Duration) -> Result<Connection, StoreError> {
    let connection = open(files.database(), cache, lock).map_err(StoreError::Read)?;
    // They are right now as well, so they were when it was opened.
    files.check()?;
    Ok(connection)
}

/// KiB of each of the two page caches of an import.
const IMPORT_CACHE: u32 = 16 * 1024;

/// Opens a connection for an import, which keeps temporary data in a file, because there may be much of it.
pub fn for_import(files: &Files) -> Result<Connection, StoreError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(files.database(), flags)?;
        connection.busy_timeout(deadlines::IMPORT)?;
        connection.execute_batch(&format!(
            "PRAGMA temp_store = FILE; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; \
             PRAGMA main.cache_size = -{IMPORT_CACHE}; PRAGMA temp.cache_size = -{IMPORT_CACHE}; \
             PRAGMA temp.journal_mode = OFF; SELECT count(*) FROM main.sqlite_schema"
        ))?;
        Ok(connection)
    };
    let connection = open().map_err(StoreError::Read)?;
    files.check()?;
    Ok(connection)
}

fn open(database: &Path, cache: u32, lock: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(lock)?;
    // A negative number is in KiB, a positive one in pages.
    connection.pragma_update(None, "cache_size", format!("-{cache}"))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // The first read opens the log and its index.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}
