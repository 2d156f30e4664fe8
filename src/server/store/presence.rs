//! Who has a SQLite database open.
//!
//! SQLite's own locks cannot tell: a connection that does nothing holds none for long, and they lie
//! on the very file that a restore puts another in the place of, so that a server starting at that
//! moment would go on with the old one. Hence a file beside the database that is never replaced,
//! and `flock` on it, which the system lets go when a process ends, however it ends.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use super::file;

/// Held by every program of ours that has the database open, for as long as it has.
#[derive(Debug)]
pub(super) struct Presence {
    _locked: File,
}

impl Presence {
    /// Beside others; `None` while somebody is there alone.
    pub(super) fn shared(database: &Path) -> io::Result<Option<Self>> {
        let file = lock_file(database)?;
        let locked = file.try_lock_shared();
        held(file, locked)
    }

    /// Alone; `None` while anybody else is there.
    pub(super) fn alone(database: &Path) -> io::Result<Option<Self>> {
        let file = lock_file(database)?;
        let locked = file.try_lock();
        held(file, locked)
    }
}

fn held(file: File, locked: Result<(), TryLockError>) -> io::Result<Option<Presence>> {
    match locked {
        Ok(()) => Ok(Some(Presence { _locked: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opened for reading, which is enough for the lock: the file may be another user's.
fn lock_file(database: &Path) -> io::Result<File> {
    let path = file::beside(&file::real_path(database)?, "-lock");
    match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path),
        opened => opened,
    }
}
