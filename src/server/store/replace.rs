//! One database file in the place of another, in one step.

use std::{
    fs::{self, File, Permissions},
    io, iter,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use super::file::{SIDE_FILES, beside, folder_of};
use crate::model::timestamp::Timestamp;

/// Puts `new`, which is closed and has no other file to it, in the place of `database`, and keeps
/// what was there under the name that is returned, if anything was.
///
/// The step is one rename, and everything that comes before it leaves the old database as it is:
/// it only gets a second name. What SQLite keeps beside a database would be taken for the new one's,
/// so it has to go before; a database that could be read has nothing there any more.
pub(super) fn replace(database: &Path, new: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let folder = File::open(folder_of(database))?;
    match fs::metadata(database) {
        Ok(old) => {
            fs::set_permissions(new, old.permissions())?;
            // The server may run as another user than whoever restores.
            chown(new, Some(old.uid()), Some(old.gid()))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::set_permissions(new, Permissions::from_mode(0o600))?;
        }
        Err(error) => return Err(error),
    }
    File::open(new)?.sync_all()?;

    let kept = free_name(&beside(
        database,
        &format!(".before-restore-{}", name_of(now)),
    ));
    let mut is_kept = false;
    for suffix in ["", "-wal", "-journal"] {
        is_kept |= give_second_name(&beside(database, suffix), &beside(&kept, suffix))?;
    }
    folder.sync_all()?;
    for suffix in SIDE_FILES {
        match fs::remove_file(beside(database, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    folder.sync_all()?;
    fs::rename(new, database)?;
    folder.sync_all()?;
    // It had the permissions that it was used with. That it is done does not depend on it.
    for suffix in ["", "-wal", "-journal"] {
        let _ = fs::set_permissions(beside(&kept, suffix), Permissions::from_mode(0o600));
    }
    Ok(is_kept.then_some(kept))
}

/// `20260115T103000Z`: no character that a file system or a shell minds.
fn name_of(moment: Timestamp) -> String {
    moment.rfc3339().replace(['-', ':'], "")
}

/// The path itself, or the first with a number after it that is free.
fn free_name(path: &Path) -> PathBuf {
    let numbered = (2..).map(|number| beside(path, &format!("-{number}")));
    let mut names = iter::once(path.to_owned()).chain(numbered);
    let is_free = |path: &PathBuf| {
        SIDE_FILES
            .iter()
            .chain([&""])
            .all(|s| !beside(path, s).exists())
    };
    names.find(is_free).unwrap_or_else(|| path.to_owned())
}

/// `false` if there is no such file.
fn give_second_name(file: &Path, name: &Path) -> io::Result<bool> {
    match fs::hard_link(file, name) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Ok(false),
            io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system has second names; all have copies.
            _ => {
                fs::copy(file, name)?;
                File::open(name)?.sync_all()?;
                Ok(true)
            }
        },
    }
}
