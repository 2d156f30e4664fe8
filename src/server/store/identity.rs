//! Whether the names of a SQLite database still lead to the files that are open.
//!
//! SQLite opens a file by its name once, and from then on has the file. When the name is given to another one (a copy put back
//! by other tools, a folder that is mounted anew) or to none, reading and writing go on in what nobody finds any more: what is
//! acknowledged is gone with the process, and what others do in the file that has the name, to revoke a token, say, is not
//! seen. So the names are looked at before anything is answered, and as long as one of them is wrong nothing is.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use super::{
    StoreError,
    file::{beside, folder_of},
    presence::Presence,
};

/// The files that are open for as long as a database is, by the ends of their names.
const NAMES: [&str; 4] = ["", "-lock", "-wal", "-shm"];
const DATABASE: usize = 0;
const LOCK: usize = 1;
const LOG: usize = 2;
const INDEX: usize = 3;

/// However quiet the folder is, each name is looked at so often: what is mounted over a file does not change its folder.
const EVERY: Duration = Duration::from_secs(1);
/// Two changes of a folder that are further apart than this have different times in every file system.
const GRAIN: Duration = Duration::from_secs(2);

/// What tells a file from all others. A number is given again once nobody has the file, but hardly at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
    made_at: Option<SystemTime>,
}

impl Identity {
    /// Of the file that has this name.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from(&fs::metadata(path)?))
    }
}

impl From<&Metadata> for Identity {
    fn from(found: &Metadata) -> Self {
        Self {
            device: found.dev(),
            number: found.ino(),
            // Not every file system knows it.
            made_at: found.created().ok(),
        }
    }
}

/// The files of a database that is open.
#[derive(Debug)]
pub(super) struct Files {
    paths: [PathBuf; 4],
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    /// What is open under each name. `None`: nothing, so it may lead anywhere.
    open: [Option<Identity>; 4],
    quiet: Option<Quiet>,
    is_wrong: bool,
}

/// When all was well, and how the folder was then. Nothing can be renamed, made or removed in it without changing that.
#[derive(Debug)]
struct Quiet {
    folder: Folder,
    since: Instant,
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

    /// Whether a change from now on would be seen by its time.
    fn is_settled(&self) -> bool {
        self.changed_at.elapsed().is_ok_and(|ago| ago > GRAIN)
    }
}

impl Files {
    /// Of the database at `path`, before it is opened.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let database = Identity::of(path)?;
        Ok(Self {
            paths: NAMES.map(|end| beside(path, end)),
            known: Mutex::new(Known {
                open: [Some(database), None, None, None],
                quiet: None,
                is_wrong: false,
            }),
        })
    }

    /// The same, with a lock that is held as long.
    pub(super) fn held(self, presence: &Presence) -> io::Result<Self> {
        self.known().open[LOCK] = Some(presence.identity()?);
        Ok(self)
    }

    /// Where the database is.
    pub(super) fn database(&self) -> &Path {
        &self.paths[DATABASE]
    }

    /// Takes the log and its index for what is open from now on. To be called once the database was opened.
    pub(super) fn opened(&self) {
        let mut known = self.known();
        for file in [LOG, INDEX] {
            known.open[file] = Identity::of(&self.paths[file]).ok();
        }
    }

    /// Looks at every name.
    ///
    /// # Errors
    /// One of them leads to another file than the one that is open, or to none.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.look(&mut self.known())
    }

    /// The same for who asks all the time: where nothing has happened to the folder it costs no more than a look at that.
    ///
    /// # Errors
    /// As there.
    pub(super) fn check_often(&self) -> Result<(), StoreError> {
        let folder = Folder::of(folder_of(self.database()));
        let mut known = self.known();
        if let (Some(now), Some(quiet)) = (&folder, &known.quiet)
            && *now == quiet.folder
            && quiet.since.elapsed() < EVERY
        {
            return Ok(());
        }
        let since = Instant::now();
        self.look(&mut known)?;
        // It was looked at before the names: what changes in between changes it again.
        known.quiet = folder
            .filter(Folder::is_settled)
            .map(|folder| Quiet { folder, since });
        Ok(())
    }

    /// Whether SQLite may do what it does when the last connection is closed: put what is in the log into the database, and
    /// remove the log by its name. It must not when that is the log of another one.
    pub(super) fn may_be_closed(&self) -> bool {
        let known = self.known();
        let is_ours = |file: usize| match Identity::of(&self.paths[file]) {
            Ok(now) => known.open[file] == Some(now),
            Err(_) => file != DATABASE,
        };
        is_ours(DATABASE) && is_ours(LOG)
    }

    fn look(&self, known: &mut Known) -> Result<(), StoreError> {
        let is_wrong = |file: &usize| {
            let open = known.open[*file];
            open.is_some() && open != Identity::of(&self.paths[*file]).ok()
        };
        let wrong = (0..NAMES.len())
            .find(is_wrong)
            .map(|file| &self.paths[file]);
        let was_wrong = std::mem::replace(&mut known.is_wrong, wrong.is_some());
        let Some(path) = wrong else {
            if was_wrong {
                tracing::info!(file = %self.database().display(), "the files of the database are back");
            }
            return Ok(());
        };
        known.quiet = None;
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
