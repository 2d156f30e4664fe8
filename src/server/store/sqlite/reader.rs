//! A reader of a SQLite file: a queue of reads, a connection, and one task or thread that works the queue off.
//!
//! Beginning and ending a read transaction takes longer than a lookup: system calls, and a lock that all connections of a
//! process share. So all reads that are queued when a turn begins share one transaction.

mod queue;
mod watchdog;

use std::{
    collections::VecDeque,
    fmt, io,
    sync::{Arc, atomic::AtomicU64},
    thread,
    time::{Duration, Instant},
};

use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use self::queue::{BoxedRead, PendingRead, Queue};
use super::{
    connect,
    files::Files,
    snapshot::{Memory, OpenFile, Snapshot},
};
use crate::server::{
    metrics::{self, Batch},
    store::{StoreError, deadlines},
};

/// A handle of a reader, which lives as long as its handles.
pub struct Reader<M> {
    reads: mpsc::UnboundedSender<BoxedRead<M>>,
    closing: watch::Sender<()>,
    limit: Duration,
}

/// What a reader works with.
struct Source {
    files: Arc<Files>,
    /// KiB of its page cache.
    cache: u32,
    limit: Duration,
    /// Counts its turns.
    turns: &'static Batch,
}

impl<M: Memory> Reader<M> {
    /// Starts a reader for reads of a few microseconds: a task of the runtime. To hand such a read to another thread would
    /// take longer than the read.
    ///
    /// If SQLite waits by itself (ten seconds if another program locks out all readers) or the disk does not respond, the
    /// task blocks a thread of the runtime, and [`watchdog`] has the others take over the rest of its work.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start_task(files: Arc<Files>, cache: u32, limit: Duration) -> io::Result<Self> {
        let (reader, queue) = Self::new(limit);
        let turns = Arc::new(AtomicU64::new(0));
        watchdog::start(Handle::current(), &turns)?;
        let source = Source {
            files,
            cache,
            limit,
            turns: metrics::VERIFIER,
        };
        tokio::spawn(run(source, queue, turns));
        Ok(reader)
    }

    /// Starts a reader for reads that may take milliseconds: a thread of its own, which blocks nothing else.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start_thread(files: Arc<Files>, cache: u32, limit: Duration) -> io::Result<Self> {
        let (reader, queue) = Self::new(limit);
        let runtime = Handle::current();
        let source = Source {
            files,
            cache,
            limit,
            turns: metrics::LISTS,
        };
        thread::Builder::new()
            .name("list-reader".to_owned())
            .spawn(move || runtime.block_on(run(source, queue, Arc::default())))?;
        Ok(reader)
    }

    fn new(limit: Duration) -> (Self, Queue<M>) {
        let (reads, queued) = mpsc::unbounded_channel();
        let (closing, is_closing) = watch::channel(());
        let reader = Self {
            reads,
            closing,
            limit,
        };
        (reader, Queue::new(queued, is_closing))
    }

    /// The result of `read` on the file as it is after this was called.
    ///
    /// # Errors
    /// The file was closed, or cannot be opened or read in time.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Snapshot<'_, M>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, replied) = oneshot::channel();
        let is_gone = || StoreError::Statement(sqlx::Error::WorkerCrashed);
        let read = Box::new(PendingRead { read, reply });
        self.reads.send(read).map_err(|_| is_gone())?;
        match timeout(self.limit, replied).await {
            Ok(reply) => reply.map_err(|_| is_gone())?,
            Err(_) => Err(StoreError::Silent),
        }
    }

    /// Closes the file. Later reads fail.
    pub async fn close(&self) {
        // An error: it is closed already.
        let _ = self.closing.send(());
        // An error: it is blocked in a read, and is left to it.
        let _ = timeout(self.limit, self.closing.closed()).await;
    }
}

async fn run<M: Memory>(source: Source, mut queue: Queue<M>, turns: Arc<AtomicU64>) {
    let mut pending = VecDeque::new();
    let mut open_file = None;
    while queue.wait(&mut pending).await {
        let turn = watchdog::Turn::begin(&turns);
        // After all of them were requested.
        let done = source
            .files
            .check_often()
            .and_then(|()| open(&mut open_file, &source))
            .map_err(Arc::new)
            .and_then(|file| read_some(&mut pending, file, source.turns));
        drop(turn);
        if let Err(error) = done {
            // A file whose path is wrong stays open, as it may come back.
            if !error.is_moved() {
                open_file = None;
            }
            for read in pending.drain(..) {
                read.fail(Arc::clone(&error));
            }
        }
    }
}

/// Opens the file, unless it is open.
fn open<'a, M: Memory>(
    open_file: &'a mut Option<OpenFile<M>>,
    source: &Source,
) -> Result<&'a mut OpenFile<M>, StoreError> {
    if let Some(open) = open_file {
        return Ok(open);
    }
    let connection = connect::read_only(&source.files, source.cache, source.limit)?;
    Ok(open_file.insert(OpenFile::new(connection)))
}

/// Carries out as many reads as fit into a turn, in one transaction.
///
/// # Errors
/// SQLite failed.
fn read_some<M: Memory>(
    pending: &mut VecDeque<BoxedRead<M>>,
    file: &mut OpenFile<M>,
    turns: &Batch,
) -> Result<(), Arc<StoreError>> {
    let failed = |error| Arc::new(StoreError::Read(error));
    let began = Instant::now();
    let before = pending.len();
    let mut snapshot = Snapshot::begin(file).map_err(failed)?;
    while let Some(read) = pending.pop_front() {
        read.run(&mut snapshot)?;
        if began.elapsed() > deadlines::TURN {
            break;
        }
    }
    let ended = snapshot.end().map_err(failed);
    turns.count(before - pending.len(), began);
    ended
}

impl<M> Clone for Reader<M> {
    fn clone(&self) -> Self {
        Self {
            reads: self.reads.clone(),
            closing: self.closing.clone(),
            limit: self.limit,
        }
    }
}

impl<M> fmt::Debug for Reader<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
