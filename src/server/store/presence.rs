//! Who has a SQLite database open.
//!
//! SQLite's own locks cannot tell: a connection that does nothing holds none for long, and they lie
//! on the very file that a restore puts another in the place of, so that a server starting at that
//! moment would go on with the old one. Hence a file beside the database that is never replaced,
//! and `flock` on it, which the system lets go when a process ends, however it ends.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use super::{file, identity::Identity};

/// Held by every program of ours that has the database open, for as long as it has.
#[derive(Debug)]
pub(super) struct Presence {
    locked: File,
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

    /// What tells the file that is locked from one that took its name.
    pub(super) fn identity(&self) -> io::Result<Identity> {
        Ok(Identity::from(&self.locked.metadata()?))
    }

    /// Whether whoever comes now locks the same file.
    pub(super) fn counts(&self, database: &Path) -> bool {
        let here = name(database).and_then(|name| Identity::of(&name));
        matches!((here, self.identity()), (Ok(here), Ok(ours)) if here == ours)
    }
}

/// Whether any program of ours has ever had the database open.
pub(super) fn is_known(database: &Path) -> bool {
    name(database).is_ok_and(|name| name.exists())
}

fn held(file: File, locked: Result<(), TryLockError>) -> io::Result<Option<Presence>> {
    match locked {
        Ok(()) => Ok(Some(Presence { locked: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn name(database: &Path) -> io::Result<PathBuf> {
    Ok(file::beside(&file::real_path(database)?, "-lock"))
}

/// Opened for reading, which is enough for the lock: the file may be another user's. Others may not even read it, since
/// they could keep us from it then.
fn lock_file(database: &Path) -> io::Result<File> {
    let name = name(database)?;
    let made = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&name);
    match made {
        Ok(file) => {
            give(&file, database)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => File::open(&name),
        Err(error) => Err(error),
    }
}

/// Whoever may write the database may lock it, if it is root who makes the lock, too.
fn give(lock: &File, database: &Path) -> io::Result<()> {
    const GROUP_MAY_WRITE: u32 = 0o020;
    let mut mode = 0o600;
    if let Ok(database) = fs::metadata(database) {
        // Not root: it is ours.
        let _ = fchown(lock, Some(database.uid()), Some(database.gid()));
        if database.mode() & GROUP_MAY_WRITE != 0 {
            mode = 0o660;
        }
    }
    lock.set_permissions(Permissions::from_mode(mode))
}
