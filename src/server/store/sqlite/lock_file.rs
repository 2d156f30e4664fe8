//! The lock file, which tells whether a SQLite database is open.
//!
//! SQLite's own locks cannot tell: an idle connection holds none for long, and they lie on the file that a restore
//! replaces, so that a server that starts at that moment would go on with the old one. Hence a file beside the database that
//! is never replaced, with `flock` on it, which the system releases when a process ends, however it ends.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use super::{identity::Identity, paths};

/// The locked file. Every program of ours holds it as long as it has the database open.
#[derive(Debug)]
pub struct LockFile {
    locked: File,
}

impl LockFile {
    /// Locks it together with others; `None` while it is locked exclusively.
    pub fn shared(database: &Path) -> io::Result<Option<Self>> {
        let file = open(database, &path_of(database)?)?;
        let locked = file.try_lock_shared();
        held(file, locked)
    }

    /// Locks it exclusively; `None` while another process holds it.
    pub fn exclusive(database: &Path) -> io::Result<Option<Self>> {
        let file = open(database, &path_of(database)?)?;
        let locked = file.try_lock();
        held(file, locked)
    }

    /// Locks the other file beside the database, which an import holds; `None` while another import does.
    pub fn of_import(database: &Path) -> io::Result<Option<Self>> {
        let path = paths::beside(&paths::real_path(database)?, "-import");
        let file = open(database, &path)?;
        let locked = file.try_lock();
        held(file, locked)
    }

    pub fn identity(&self) -> io::Result<Identity> {
        Ok(Identity::from(&self.locked.metadata()?))
    }

    /// Whether the path still leads to the locked file, so that the lock excludes others.
    pub fn is_in_place(&self, database: &Path) -> bool {
        let here = path_of(database).and_then(|path| Identity::of(&path));
        matches!((here, self.identity()), (Ok(here), Ok(ours)) if here == ours)
    }
}

/// Whether there is a lock file, which every program of ours leaves beside a database.
pub fn exists(database: &Path) -> bool {
    path_of(database).is_ok_and(|path| path.exists())
}

fn held(file: File, locked: Result<(), TryLockError>) -> io::Result<Option<LockFile>> {
    match locked {
        Ok(()) => Ok(Some(LockFile { locked: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn path_of(database: &Path) -> io::Result<PathBuf> {
    Ok(paths::beside(&paths::real_path(database)?, "-lock"))
}

/// Opens it for reading, which suffices for a lock: it may belong to another user. Other users cannot even read it, since
/// they could then lock it and keep the server from starting.
fn open(database: &Path, path: &Path) -> io::Result<File> {
    let created = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Ok(file) => {
            grant(&file, database)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => File::open(path),
        Err(error) => Err(error),
    }
}

/// Lets every user lock it who may write the database, even if root creates it.
fn grant(lock: &File, database: &Path) -> io::Result<()> {
    const GROUP_MAY_WRITE: u32 = 0o020;
    let mut mode = 0o600;
    if let Ok(database) = fs::metadata(database) {
        // Fails unless we are root; then the file is ours.
        let _ = fchown(lock, Some(database.uid()), Some(database.gid()));
        if database.mode() & GROUP_MAY_WRITE != 0 {
            mode = 0o660;
        }
    }
    lock.set_permissions(Permissions::from_mode(mode))
}
