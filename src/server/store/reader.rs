//! What reads the SQLite file: one task for everybody, on whichever thread of the runtime has just brought questions.
//!
//! To begin and end a read takes more than the read itself: system calls, and a lock that all
//! connections of a process share, so several threads would mostly wait for each other. And to hand
//! questions to a thread made for them takes longer than to answer them.
//!
//! Where SQLite waits by itself (ten seconds, if another program keeps the locks of readers to itself), or
//! the disk does not answer, the thread stands still that reads, and that one alone: it runs nothing but this task
//! then, and [`keep_awake`] sees to it that others take over what else it had to do.

use std::{
    collections::VecDeque,
    io,
    path::Path,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{CachedStatement, Connection, OpenFlags};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
    task::yield_now,
    time::timeout,
};

use super::{StoreError, identity::Files, lookups::Remembered};

/// Memory for pages of the file, in KiB.
const CACHE: usize = 16 * 1024;
/// Questions that are taken at a time at most.
const SHARE: usize = 256;
/// When questions that may wait have taken so long, it is looked again whether there are any that go first.
const TURN: Duration = Duration::from_millis(1);
/// A turn that takes longer than this, or twice this, stands still.
const LONG: Duration = Duration::from_millis(250);

/// Where to ask. What answers lives as long as there is anybody who may ask.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    first: mpsc::UnboundedSender<Box<dyn Question>>,
    then: mpsc::UnboundedSender<Box<dyn Question>>,
    closing: watch::Sender<()>,
    patience: Duration,
}

impl Reader {
    /// Starts to read the database of `files`. Nobody waits for an answer longer than `patience`.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(super) fn start(files: Arc<Files>, patience: Duration) -> io::Result<Self> {
        let (first, first_queue) = mpsc::unbounded_channel();
        let (then, then_queue) = mpsc::unbounded_channel();
        let (closing, is_closing) = watch::channel(());
        let turns = Arc::new(AtomicU64::new(0));
        let (watched, runtime) = (Arc::downgrade(&turns), Handle::current());
        thread::Builder::new()
            .name("reader-watch".to_owned())
            .spawn(move || keep_awake(&runtime, &watched))?;
        let queue = Queue {
            first: first_queue,
            then: then_queue,
            closing: is_closing,
        };
        tokio::spawn(answer_all(files, patience, queue, turns));
        Ok(Self {
            first,
            then,
            closing,
            patience,
        })
    }

    /// What `read` finds in the file as it is after this was called.
    ///
    /// # Errors
    /// The file cannot be opened or read, or not in time; or it was closed.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask_in(&self.then, read).await
    }

    /// The same before all that was asked for by [`Self::ask`]. It must take no more than some microseconds.
    ///
    /// # Errors
    /// As there.
    pub(super) async fn ask_first<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask_in(&self.first, read).await
    }

    async fn ask_in<T: Send + 'static>(
        &self,
        queue: &mpsc::UnboundedSender<Box<dyn Question>>,
        read: impl FnOnce(&mut Snapshot<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let nobody_answers = || StoreError::Statement(sqlx::Error::WorkerCrashed);
        queue
            .send(Box::new(Asked { read, answer }))
            .map_err(|_| nobody_answers())?;
        match timeout(self.patience, answered).await {
            Ok(answer) => answer.map_err(|_| nobody_answers())?,
            Err(_) => Err(StoreError::Silent),
        }
    }

    /// Closes the file. From then on nobody gets an answer.
    pub(super) async fn close(&self) {
        // An error: it is closed already.
        let _ = self.closing.send(());
        // An error: it stands still over a question, and is left to it.
        let _ = timeout(self.patience, self.closing.closed()).await;
    }
}

/// A connection, and what was read by it: of the versions of a file each connection has numbers of its own.
struct OpenFile {
    connection: Connection,
    remembered: Remembered<i64>,
}

/// The file as it is at one moment, for all questions of a turn.
pub(super) struct Snapshot<'c> {
    connection: &'c Connection,
    /// What was read in earlier turns and is in the file now.
    pub(super) remembered: &'c mut Remembered<i64>,
    /// Those that were prepared for it: to have the connection find one among all it knows takes a good part of the
    /// time that a lookup does.
    statements: Vec<(&'static str, CachedStatement<'c>)>,
}

impl<'c> Snapshot<'c> {
    fn begin(file: &'c mut OpenFile) -> rusqlite::Result<Self> {
        let connection = &file.connection;
        connection.prepare_cached("BEGIN")?.execute([])?;
        // Being the first to read, it settles as of when the file is seen.
        let mut statement = connection.prepare_cached("PRAGMA data_version")?;
        let version = statement.query_row([], |row| row.get(0))?;
        file.remembered.keep_if(version);
        Ok(Self {
            connection,
            remembered: &mut file.remembered,
            statements: Vec::new(),
        })
    }

    /// The statement, ready to be given its values.
    pub(super) fn statement(
        &mut self,
        sql: &'static str,
    ) -> rusqlite::Result<&mut CachedStatement<'c>> {
        let known = self.statements.iter().position(|(known, _)| *known == sql);
        let at = if let Some(at) = known {
            at
        } else {
            let prepared = self.connection.prepare_cached(sql)?;
            self.statements.push((sql, prepared));
            self.statements.len() - 1
        };
        Ok(&mut self.statements[at].1)
    }

    /// Were it left open, it would go on seeing the file as it was, and with it every token revoked since.
    fn end(self) -> rusqlite::Result<()> {
        drop(self.statements);
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

/// What somebody asked, of any kind.
trait Question: Send {
    /// Reads and answers.
    ///
    /// # Errors
    /// SQLite failed, and may fail the next one, too. Who asked has been told.
    fn read(self: Box<Self>, snapshot: &mut Snapshot<'_>) -> Result<(), Arc<StoreError>>;

    /// Answers that nothing can be read.
    fn fail(self: Box<Self>, error: Arc<StoreError>);
}

struct Asked<T, F> {
    read: F,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&mut Snapshot<'_>) -> rusqlite::Result<T> + Send> Question for Asked<T, F> {
    fn read(self: Box<Self>, snapshot: &mut Snapshot<'_>) -> Result<(), Arc<StoreError>> {
        // Who asked may have gone away, here and when there is an answer.
        if self.answer.is_closed() {
            return Ok(());
        }
        match (self.read)(snapshot) {
            Err(error @ rusqlite::Error::SqliteFailure(..)) => {
                let error = Arc::new(StoreError::Read(error));
                let _ = self
                    .answer
                    .send(Err(StoreError::Shared(Arc::clone(&error))));
                Err(error)
            }
            found => {
                let _ = self.answer.send(found.map_err(StoreError::Read));
                Ok(())
            }
        }
    }

    fn fail(self: Box<Self>, error: Arc<StoreError>) {
        let _ = self.answer.send(Err(StoreError::Shared(error)));
    }
}

/// While a turn stands still, wakes another thread of the runtime.
///
/// One of them listens to the network and the clock for all. It leaves that when it has something to run, and the others
/// go on sleeping if there is nothing for them. This is something.
fn keep_awake(runtime: &Handle, turns: &Weak<AtomicU64>) {
    let mut before = 0;
    while let Some(turns) = turns.upgrade() {
        let now = turns.load(Ordering::Relaxed);
        if now == before && now % 2 == 1 {
            runtime.spawn(async {});
        }
        before = now;
        drop(turns);
        thread::sleep(LONG);
    }
}

/// Those who wait.
struct Queue {
    first: mpsc::UnboundedReceiver<Box<dyn Question>>,
    then: mpsc::UnboundedReceiver<Box<dyn Question>>,
    closing: watch::Receiver<()>,
}

/// Questions that were taken and have no answer yet.
#[derive(Default)]
struct Taken {
    first: VecDeque<Box<dyn Question>>,
    then: VecDeque<Box<dyn Question>>,
}

impl Queue {
    /// Waits for somebody, and takes all there are; nobody: it is over.
    async fn take(&mut self, taken: &mut Taken) -> bool {
        if taken.then.is_empty() {
            tokio::select! {
                biased;
                _ = self.closing.changed() => return false,
                Some(question) = self.first.recv() => taken.first.push_back(question),
                Some(question) = self.then.recv() => taken.then.push_back(question),
            }
        }
        // Until this thread has nothing else to do: all it has been told of meanwhile may ask, too. And what the last
        // answers woke is not left behind a read that stands still.
        yield_now().await;
        while taken.first.len() < SHARE
            && let Ok(question) = self.first.try_recv()
        {
            taken.first.push_back(question);
        }
        while taken.then.len() < SHARE
            && let Ok(question) = self.then.try_recv()
        {
            taken.then.push_back(question);
        }
        true
    }
}

impl Taken {
    /// Answers those who come first, and then as many of the others as a turn is long, all from one transaction.
    ///
    /// # Errors
    /// SQLite failed.
    fn answer(&mut self, file: &mut OpenFile) -> Result<(), Arc<StoreError>> {
        let failed = |error| Arc::new(StoreError::Read(error));
        let began = Instant::now();
        let mut snapshot = Snapshot::begin(file).map_err(failed)?;
        while let Some(question) = self.first.pop_front() {
            question.read(&mut snapshot)?;
        }
        while let Some(question) = self.then.pop_front() {
            question.read(&mut snapshot)?;
            if began.elapsed() > TURN {
                break;
            }
        }
        snapshot.end().map_err(failed)
    }

    fn fail(&mut self, error: &Arc<StoreError>) {
        for question in self.first.drain(..).chain(self.then.drain(..)) {
            question.fail(Arc::clone(error));
        }
    }
}

/// Counts in `turns` when one begins and when it ends: so the number is odd while one is under way.
async fn answer_all(
    files: Arc<Files>,
    patience: Duration,
    mut queue: Queue,
    turns: Arc<AtomicU64>,
) {
    let mut taken = Taken::default();
    let mut open_file = None;
    while queue.take(&mut taken).await {
        turns.fetch_add(1, Ordering::Relaxed);
        // After all of them had asked.
        let answered = files
            .check_often()
            .and_then(|()| open(&mut open_file, &files, patience))
            .map_err(Arc::new)
            .and_then(|open| taken.answer(open));
        turns.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = answered {
            // A file that has lost its name is kept, as it may come back.
            if !error.is_moved() {
                open_file = None;
            }
            taken.fail(&error);
        }
    }
}

/// The file, opened if it is not.
fn open<'a>(
    open_file: &'a mut Option<OpenFile>,
    files: &Files,
    patience: Duration,
) -> Result<&'a mut OpenFile, StoreError> {
    if let Some(open) = open_file {
        return Ok(open);
    }
    let connection = connect(files, patience)?;
    Ok(open_file.insert(OpenFile {
        connection,
        remembered: Remembered::default(),
    }))
}

/// A connection that reads. The names were right before.
pub(super) fn connect(files: &Files, patience: Duration) -> Result<Connection, StoreError> {
    let connection = open_to_read(files.database(), patience).map_err(StoreError::Read)?;
    // And they are now, so they were when it was opened.
    files.check()?;
    Ok(connection)
}

fn open_to_read(database: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(patience)?;
    // A negative number is one of KiB, not of pages.
    connection.pragma_update(None, "cache_size", format!("-{CACHE}"))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Being the first to read, it opens what is kept beside the database.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

#[cfg(test)]
mod tests;
