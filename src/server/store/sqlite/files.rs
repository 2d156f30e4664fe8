//! Checks that the paths of a SQLite database still lead to the open files.
//!
//! SQLite opens a file by its path once, and then keeps the file. If the path later leads to another file (a copy put there
//! by other tools, a folder that was mounted anew) or to none, reads and writes go on in a file that no other process finds:
//! acknowledged changes are lost with the process, and changes that other processes make in the file at the path, such as a
//! revocation, are not seen. So the paths are checked before each answer, and while one of them is wrong all requests fail.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Instant, SystemTime},
};

use super::{
    identity::Identity,
    lock_file::LockFile,
    paths::{beside, folder_of},
};
use crate::server::store::{StoreError, deadlines};

/// The files that are open as long as a database is, by the ends of their names.
const ENDS: [&str; 4] = ["", "-lock", "-wal", "-shm"];
const DATABASE: usize = 0;
const LOCK: usize = 1;
const LOG: usize = 2;
const INDEX: usize = 3;

/// The files of an open database.
#[derive(Debug)]
pub struct Files {
    paths: [PathBuf; 4],
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    /// The open file at each path. `None`: none is open, so the path may lead anywhere.
    open: [Option<Identity>; 4],
    checked: Option<Checked>,
    is_wrong: bool,
}

/// The last check that found all paths right, and the folder at that time. No file can be renamed, created or removed
/// without changing the folder.
#[derive(Debug)]
struct Checked {
    folder: Folder,
    at: Instant,
}

#[derive(Debug, PartialEq, Eq)]
struct Folder {
    identity: Identity,
    changed_at: SystemTime,
}

impl Folder {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self {
            identity: Identity::from(&found),
            changed_at: found.modified().ok()?,
        })
    }

    /// Whether any later change gets another time stamp.
    fn is_settled(&self) -> bool {
        self.changed_at
            .elapsed()
            .is_ok_and(|ago| ago > deadlines::FILE_TIME)
    }
}

impl Files {
    /// Of the database at `path`, before it is opened.
    pub fn of(path: &Path) -> io::Result<Self> {
        let database = Identity::of(path)?;
        Ok(Self {
            paths: ENDS.map(|end| beside(path, end)),
            known: Mutex::new(Known {
                open: [Some(database), None, None, None],
                checked: None,
                is_wrong: false,
            }),
        })
    }

    /// Adds the lock file, which stays open as long as the database.
    pub fn with_lock(self, lock: &LockFile) -> io::Result<Self> {
        self.known().open[LOCK] = Some(lock.identity()?);
        Ok(self)
    }

    /// The path of the database.
    pub fn database(&self) -> &Path {
        &self.paths[DATABASE]
    }

    /// Adds the log and its index. To be called once the database was opened.
    pub fn opened(&self) {
        let mut known = self.known();
        for file in [LOG, INDEX] {
            known.open[file] = Identity::of(&self.paths[file]).ok();
        }
    }

    /// Checks every path.
    ///
    /// # Errors
    /// One of them leads to another file than the open one, or to none.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_all(&mut self.known())
    }

    /// The same for frequent calls: while the folder stays unchanged only the folder is checked.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_often(&self) -> Result<(), StoreError> {
        let folder = Folder::of(folder_of(self.database()));
        let mut known = self.known();
        if let (Some(now), Some(checked)) = (&folder, &known.checked)
            && *now == checked.folder
            && checked.at.elapsed() < deadlines::FILE_CHECK
        {
            return Ok(());
        }
        let at = Instant::now();
        self.check_all(&mut known)?;
        // The folder was read before the paths, so a change in between shows at the next check.
        known.checked = folder
            .filter(Folder::is_settled)
            .map(|folder| Checked { folder, at });
        Ok(())
    }

    /// Whether SQLite may close its last connection, which copies the log into the database and removes the log by its path.
    /// It must not if that is the log of another database.
    pub fn may_be_closed(&self) -> bool {
        let known = self.known();
        let is_ours = |file: usize| match Identity::of(&self.paths[file]) {
            Ok(now) => known.open[file] == Some(now),
            Err(_) => file != DATABASE,
        };
        is_ours(DATABASE) && is_ours(LOG)
    }

    fn check_all(&self, known: &mut Known) -> Result<(), StoreError> {
        let is_wrong = |file: &usize| {
            let open = known.open[*file];
            open.is_some() && open != Identity::of(&self.paths[*file]).ok()
        };
        let wrong = (0..ENDS.len()).find(is_wrong).map(|file| &self.paths[file]);
        let was_wrong = std::mem::replace(&mut known.is_wrong, wrong.is_some());
        let Some(path) = wrong else {
            if was_wrong {
                tracing::info!(file = %self.database().display(), "the files of the database are back");
            }
            return Ok(());
        };
        known.checked = None;
        if !was_wrong {
            tracing::error!(
                file = %path.display(),
                "a file of the database was moved, replaced or removed: nothing that needs the database is answered \
                 until that file is back, or until a restart"
            );
        }
        Err(StoreError::Moved(path.clone()))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
