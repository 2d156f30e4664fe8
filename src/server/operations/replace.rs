//! Replaces a database file by another one, in one step.

use std::{
    fs::{self, File, Permissions},
    io, iter,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use crate::{
    model::timestamp::Timestamp,
    server::store::sqlite::paths::{SIDE_FILES, beside, folder_of},
};

/// Replaces `database` by `new`, which is closed and has no files beside it, and returns the path at which the old database is
/// kept, if there was one.
///
/// The step is one rename, and everything before it leaves the old database as it is, with a second name. SQLite would take
/// the files beside the old database for those of the new one, so they are removed before; a database that could be read has
/// none left.
pub fn replace(database: &Path, new: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let folder = File::open(folder_of(database))?;
    match fs::metadata(database) {
        Ok(old) => {
            fs::set_permissions(new, old.permissions())?;
            // The server may run as another user than the operator.
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
    // It still has the permissions of the database in use. The restore is done even if this fails.
    for suffix in ["", "-wal", "-journal"] {
        let _ = fs::set_permissions(beside(&kept, suffix), Permissions::from_mode(0o600));
    }
    Ok(is_kept.then_some(kept))
}

/// `20260115T103000Z`: no character that is special to a file system or a shell.
fn name_of(moment: Timestamp) -> String {
    moment.rfc3339().replace(['-', ':'], "")
}

/// The path itself if it is free, else the first free one with a number after it.
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
            // Some file systems have no hard links.
            _ => {
                fs::copy(file, name)?;
                File::open(name)?.sync_all()?;
                Ok(true)
            }
        },
    }
}
