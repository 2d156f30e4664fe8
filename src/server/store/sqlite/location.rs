//! Warnings about the location of a SQLite database, for the operator who starts a server on it.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::paths::{beside, folder_of};

/// Permissions of everybody but the owner and the group.
const OTHERS_MAY: u32 = 0o007;
const OTHERS_MAY_WRITE: u32 = 0o002;

/// File systems whose locks are known to fail, or to fail between machines, by the beginning of their names.
/// <https://sqlite.org/howtocorrupt.html#_filesystems_with_broken_or_missing_lock_implementations>
const WITHOUT_LOCKS: [&str; 13] = [
    "nfs", "cifs", "smb", "fuse", "9p", "virtiofs", "afs", "ceph", "coda", "gluster", "lustre",
    "vboxsf", "prl_fs",
];

/// A sentence for each problem.
pub fn warnings(database: &Path) -> Vec<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let all = [
        open_to_others(database),
        folder_open_to_others(folder_of(database)),
        second_name(database),
        file_system(&mounts, database).and_then(|name| without_locks(name, database)),
    ];
    all.into_iter().flatten().collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).map_or(0, |found| found.mode())
}

fn open_to_others(database: &Path) -> Option<String> {
    let files = ["", "-wal", "-shm", "-lock"].map(|end| beside(database, end));
    let open: Vec<String> = files
        .iter()
        .filter(|file| mode(file) & OTHERS_MAY != 0)
        .map(|file| file.display().to_string())
        .collect();
    let open = (!open.is_empty()).then(|| open.join(" "))?;
    Some(format!(
        "every account of this machine may read the database's hashes, or keep the server from starting: chmod o= {open}"
    ))
}

fn folder_open_to_others(folder: &Path) -> Option<String> {
    (mode(folder) & OTHERS_MAY_WRITE != 0).then(|| {
        format!(
            "every account of this machine may put files beside the database, or others in its place: chmod o-w {}",
            folder.display()
        )
    })
}

fn second_name(database: &Path) -> Option<String> {
    let names = fs::metadata(database).map_or(1, |found| found.nlink());
    (names > 1).then(|| {
        format!(
            "{} has {names} names (hard links): whoever opens it by another one damages it",
            database.display()
        )
    })
}

fn without_locks(file_system: &str, database: &Path) -> Option<String> {
    let is_listed = WITHOUT_LOCKS
        .iter()
        .any(|name| file_system.starts_with(name));
    is_listed.then(|| {
        format!(
            "{} is on {file_system}, where locks may not hold and the database may be damaged: keep it on a local disk",
            database.display()
        )
    })
}

/// The type of the file system that a file is on, by <https://docs.kernel.org/filesystems/proc.html#proc-pid-mountinfo>.
fn file_system<'m>(mounts: &'m str, file: &Path) -> Option<&'m str> {
    let mounted = mounts.lines().filter_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let folder = PathBuf::from(unescaped(place.split(' ').nth(4)?));
        let depth = file
            .starts_with(&folder)
            .then(|| folder.components().count())?;
        Some((depth, kind.split(' ').next()?))
    });
    // Of two with the same mount point the later one is on top.
    mounted
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, kind)| kind)
}

fn unescaped(path: &str) -> String {
    let escapes = [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ];
    let replace = |path: String, (escape, c): (&str, &str)| path.replace(escape, c);
    escapes.into_iter().fold(path.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 21 0:40 / /srv/data rw,relatime shared:2 - nfs4 nas:/data rw,vers=4.2
41 40 8:2 / /srv/data/local rw - xfs /dev/sdb1 rw
42 21 0:42 / /mnt/my\\040share rw master:3 - fuse.sshfs user@host: rw
43 21 8:3 / /over rw - ext4 /dev/sdc1 rw
44 43 0:44 / /over rw - cifs //server/share rw
";

    #[test]
    fn a_file_is_on_what_is_mounted_nearest_above_it() {
        for (file, kind, is_unsafe) in [
            ("/var/lib/opentill.db", "ext4", false),
            ("/srv/data/opentill.db", "nfs4", true),
            ("/srv/database/opentill.db", "ext4", false),
            ("/srv/data/local/opentill.db", "xfs", false),
            ("/mnt/my share/opentill.db", "fuse.sshfs", true),
            ("/over/opentill.db", "cifs", true),
        ] {
            let file = Path::new(file);
            let found = file_system(MOUNTS, file);
            assert_eq!(found, Some(kind), "{}", file.display());
            assert_eq!(without_locks(kind, file).is_some(), is_unsafe, "{kind}");
        }
        assert_eq!(file_system("", Path::new("/opentill.db")), None);
    }
}
