//! Paths of a SQLite database and of the files beside it.

use std::{
    ffi::OsString,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Files that SQLite keeps beside a database. SQLite would take them for part of any other database at the same path.
pub const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The same path, absolute and without symbolic links, so that SQLite does not take it for a URI. The file need not exist,
/// but its folder has to.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    match (path.canonicalize(), path.file_name()) {
        (Err(error), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let folder = folder.canonicalize()?;
            match fs::read_link(path) {
                // A link to a file that does not exist yet.
                Ok(target) => real_path(&folder.join(target)),
                Err(_) => Ok(folder.join(name)),
            }
        }
        (real, _) => real,
    }
}

/// Creates an empty file, unless there is one. Only its owner may read it, and the files that SQLite creates beside it.
pub fn create(path: &Path) -> io::Result<()> {
    let created = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        // Whatever the umask of the process is.
        Ok(file) => file.set_permissions(Permissions::from_mode(0o600)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// The folder of a [`real_path`].
pub fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// The path with `suffix` appended to its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
