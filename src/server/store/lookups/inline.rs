//! SQLite, asked on the thread of whoever asks.
//!
//! An answer takes a few microseconds: less than it takes to hand the question to another thread
//! and be woken. A reader of a file in WAL mode needs no lock that a writer holds, so there is
//! nothing to wait for, but for the disk and for what should not be:
//!
//! - Where SQLite says that it would have to wait, whoever asked goes to the pool, which can.
//! - Where it does not say so and waits by itself (ten seconds, if another program keeps the locks of
//!   readers to itself), or where the disk does not answer, the thread stands still. Never do all of
//!   a server's: [`lookup_threads`] tells how many may ask at the same time, and there is one more. That
//!   one waits for a moment, and then goes to the pool, as do the next ones until that has an answer.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread::available_parallelism,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{BY_HASH, ValidTokenRow};
use crate::server::token_secret::SecretHash;

/// Memory for pages of the file in KiB: of all connections together, and of one at least.
const CACHE: usize = 32 * 1024;
const CACHE_OF_ONE: usize = 2 * 1024;
/// An answer that took longer was waited for.
const AT_ONCE: Duration = Duration::from_millis(250);
/// How long a thread waits until another one is done. That one has a few microseconds to go, unless
/// the system has taken the core from it in the midst of them.
const A_MOMENT: Duration = Duration::from_millis(5);

/// How many threads may ask at the same time.
pub fn lookup_threads() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Connections of its own to one file, to ask for tokens.
#[derive(Debug)]
pub(in super::super) struct InlineLookups {
    file: PathBuf,
    /// One for each thread that may ask and does not; made when it is first used. None at all once
    /// this is closed.
    free: Mutex<Option<Vec<Option<Connection>>>>,
    /// Notified when there is one more.
    returned: Condvar,
    patience: Duration,
    has_waited: AtomicBool,
}

/// It would have to wait, or something is wrong.
#[derive(Debug)]
pub(super) struct Declined;

impl From<rusqlite::Error> for Declined {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

impl InlineLookups {
    pub(in super::super) fn new(file: &Path) -> Self {
        let free = std::iter::repeat_with(|| None)
            .take(lookup_threads())
            .collect();
        Self {
            file: file.to_owned(),
            free: Mutex::new(Some(free)),
            returned: Condvar::new(),
            patience: A_MOMENT,
            has_waited: AtomicBool::new(false),
        }
    }

    /// The valid token with this hash.
    pub(super) fn find(&self, hash: SecretHash) -> Result<Option<ValidTokenRow>, Declined> {
        if self.has_waited.load(Ordering::Relaxed) {
            return Err(Declined);
        }
        let mut connection = self.take()?;
        let began = Instant::now();
        let found = self.ask(&mut connection, hash);
        if began.elapsed() > AT_ONCE {
            self.has_waited.store(true, Ordering::Relaxed);
        }
        if found.is_err() {
            connection = None;
        }
        self.give_back(connection);
        found
    }

    fn give_back(&self, connection: Option<Connection>) {
        if let Some(free) = self.free.lock().as_mut() {
            free.push(connection);
        }
        self.returned.notify_one();
    }

    fn take(&self) -> Result<Option<Connection>, Declined> {
        let none = |free: &mut Option<Vec<_>>| free.as_ref().is_some_and(Vec::is_empty);
        let mut free = self.free.lock();
        let waited = self.returned.wait_while_for(&mut free, none, self.patience);
        if waited.timed_out() {
            self.has_waited.store(true, Ordering::Relaxed);
        }
        free.as_mut().and_then(Vec::pop).ok_or(Declined)
    }

    /// The pool had an answer: nobody has to wait any more.
    pub(super) fn resume(&self) {
        self.has_waited.store(false, Ordering::Relaxed);
    }

    pub(in super::super) fn close(&self) {
        self.free.lock().take();
    }

    fn ask(
        &self,
        connection: &mut Option<Connection>,
        hash: SecretHash,
    ) -> Result<Option<ValidTokenRow>, Declined> {
        let connection = match connection {
            Some(connection) => connection,
            none => none.insert(self.connect()?),
        };
        // The statement is reset when it is dropped. Were it not, it would go on seeing the file as
        // it was, and with it every token revoked since.
        let mut statement = connection.prepare_cached(BY_HASH)?;
        let found = statement.query_row([hash.0], ValidTokenRow::from_sqlite);
        Ok(found.optional()?)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        let kibibytes = (CACHE / lookup_threads()).max(CACHE_OF_ONE);
        // A negative number is one of KiB, not of pages.
        connection.pragma_update(None, "cache_size", format!("-{kibibytes}"))?;
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn all_taken(patience: Duration) -> InlineLookups {
        let lookups = InlineLookups {
            patience,
            ..InlineLookups::new(Path::new("not opened"))
        };
        for _ in 0..lookup_threads() {
            assert!(lookups.take().is_ok());
        }
        lookups
    }

    #[test]
    fn whoever_finds_none_free_gets_the_next_one_that_is_returned() {
        let lookups = all_taken(Duration::from_mins(1));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| lookups.take().is_ok());
            lookups.give_back(None);
            assert!(waiting.join().unwrap());
        });
        assert!(!lookups.has_waited.load(Ordering::Relaxed));
    }

    #[test]
    fn where_none_is_returned_in_time_nobody_waits_any_more_until_there_is_an_answer() {
        let lookups = all_taken(Duration::from_millis(1));
        let ask = || lookups.find(SecretHash::of("a token"));
        assert!(ask().is_err());
        assert!(lookups.has_waited.load(Ordering::Relaxed));
        lookups.give_back(None);
        assert!(ask().is_err(), "the pool has it from now on");
        lookups.resume();
        assert!(!lookups.has_waited.load(Ordering::Relaxed));
    }

    #[test]
    fn nobody_waits_for_what_is_closed() {
        let lookups = InlineLookups::new(Path::new("not opened"));
        lookups.close();
        assert!(lookups.take().is_err());
        lookups.give_back(None);
        assert!(lookups.take().is_err());
    }
}
