//! Files with secrets, and the room on a disk.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::finding::{Finding, all};

/// Permissions of everybody but the owner.
const NOT_THE_OWNER: u32 = 0o077;
/// With less room the log of the database cannot be written for long.
const LEAST_ROOM: u64 = 64 << 20;
/// With less room than that, whatever the size of the database, somebody should look.
const FEW: u64 = 1 << 30;

const ROOM: &str = "disk space";

/// Checks who may read the files of settings and passwords that there are.
pub fn secrets() -> Vec<Finding> {
    let files = secret_files().into_iter();
    let open = files.filter(|file| mode(file) & NOT_THE_OWNER != 0);
    let warnings = open.map(|file| {
        let file = file.display();
        format!("others than its owner may read or change {file}, which may hold a password: chmod 600 {file}")
    });
    all(
        "settings files",
        "none that holds a password is open to others",
        warnings.collect(),
    )
}

/// Files that hold passwords or keys: `.env` in the working directory, and those that PostgreSQL's variables name.
fn secret_files() -> Vec<PathBuf> {
    let named = |name| env::var_os(name).map(PathBuf::from);
    let home = || Some(named("HOME")?.join(".pgpass"));
    let files = [
        Some(PathBuf::from(".env")),
        named("PGPASSFILE").or_else(home),
        named("PGSSLKEY"),
    ];
    files.into_iter().flatten().collect()
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).map_or(0, |found| found.mode())
}

/// Checks the room beside a SQLite database: a backup or a restore takes as much again as it has.
pub fn room(database: &Path) -> Finding {
    let size = fs::metadata(database).map_or(0, |found| found.len());
    let folder = match database.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let free = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Finding::warning(
                ROOM,
                format!("{} cannot be looked at: {error}", folder.display()),
            );
        }
    };
    judge(free, size)
}

fn judge(free: u64, size: u64) -> Finding {
    let found = format!(
        "{} MiB free beside the database, which has {} MiB",
        free >> 20,
        size >> 20
    );
    if free < LEAST_ROOM {
        Finding::error(ROOM, format!("{found}: changes fail soon; make room"))
    } else if free < FEW.max(size) {
        Finding::warning(
            ROOM,
            format!("{found}: too little for a backup or for growing; make room"),
        )
    } else {
        Finding::ok(ROOM, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::operations::check::finding::Level;

    #[test]
    fn room_is_judged_by_what_a_backup_takes() {
        for (free, size, level) in [
            (63 << 20, 0, Level::Error),
            (64 << 20, 0, Level::Warning),
            ((1 << 30) - 1, 0, Level::Warning),
            (1 << 30, 0, Level::Ok),
            (2 << 30, 2 << 30, Level::Ok),
            (2 << 30, (2 << 30) + 1, Level::Warning),
        ] {
            assert_eq!(judge(free, size).level, level, "{free} {size}");
        }
    }
}
