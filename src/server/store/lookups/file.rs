//! SQLite, asked by one task for everybody, on whichever thread of the runtime has just brought questions.
//!
//! To begin and end a read takes more than the read itself: system calls, and a lock that all
//! connections of a process share, so several threads would mostly wait for each other. And to hand
//! questions to a thread made for them takes longer than to answer them.
//!
//! Where SQLite waits by itself (ten seconds, if another program keeps the locks of readers to itself), or
//! the disk does not answer, the thread stands still that answers, and that one alone: it runs nothing but this task
//! then, and [`keep_awake`] sees to it that others take over what else it had to do.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::yield_now,
};

use super::{Question, SHARE, StoreError, ValidTokenRow, client_columns, valid_token};

/// By the index that has the client in it: by that of all hashes each token would have to be read, too.
const BY_HASH: &str = valid_token!("$1", "valid_tokens");
/// Memory for pages of the file, in KiB.
const CACHE: usize = 32 * 1024;
/// A read that takes longer than this, or twice this, stands still.
const LONG: Duration = Duration::from_millis(250);

/// Answers until something is sent by `closing`, or nobody is left who may ask.
///
/// # Errors
/// The system has no thread to give.
pub(super) fn start(
    file: PathBuf,
    patience: Duration,
    questions: mpsc::UnboundedReceiver<Question>,
    closing: watch::Receiver<()>,
) -> io::Result<()> {
    let reads = Arc::new(AtomicU64::new(0));
    let (watched, runtime) = (Arc::downgrade(&reads), Handle::current());
    thread::Builder::new()
        .name("lookups".to_owned())
        .spawn(move || keep_awake(&runtime, &watched))?;
    let queue = Queue { questions, closing };
    tokio::spawn(answer_all(file, patience, queue, reads));
    Ok(())
}

/// While a read stands still, wakes another thread of the runtime.
///
/// One of them listens to the network and the clock for all. It leaves that when it has something to run, and the others
/// go on sleeping if there is nothing for them. This is something.
fn keep_awake(runtime: &Handle, reads: &Weak<AtomicU64>) {
    let mut before = 0;
    while let Some(reads) = reads.upgrade() {
        let now = reads.load(Ordering::Relaxed);
        if now == before && now % 2 == 1 {
            runtime.spawn(async {});
        }
        before = now;
        drop(reads);
        thread::sleep(LONG);
    }
}

/// Those who wait.
struct Queue {
    questions: mpsc::UnboundedReceiver<Question>,
    closing: watch::Receiver<()>,
}

impl Queue {
    /// Waits for somebody, and takes all there are; nobody: it is over.
    async fn take(&mut self, questions: &mut Vec<Question>) -> bool {
        let count = tokio::select! {
            count = self.questions.recv_many(questions, SHARE) => count,
            _ = self.closing.changed() => 0,
        };
        // Until this thread has nothing else to do: all it has been told of meanwhile may ask, too. And what the last
        // answers woke is not left behind a read that stands still.
        yield_now().await;
        while questions.len() < SHARE
            && let Ok(question) = self.questions.try_recv()
        {
            questions.push(question);
        }
        count > 0
    }
}

/// Counts in `reads` when one begins and when it ends: so the number is odd while one is under way.
async fn answer_all(file: PathBuf, patience: Duration, mut queue: Queue, reads: Arc<AtomicU64>) {
    let mut questions = Vec::with_capacity(SHARE);
    let mut connection = None;
    while queue.take(&mut questions).await {
        reads.fetch_add(1, Ordering::Relaxed);
        let answered = answer(&mut connection, &file, patience, &mut questions);
        reads.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = answered {
            connection = None;
            Question::fail_all(questions.drain(..), StoreError::Lookup(error));
        }
    }
}

fn answer(
    connection: &mut Option<Connection>,
    file: &Path,
    patience: Duration,
    questions: &mut Vec<Question>,
) -> rusqlite::Result<()> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(connect(file, patience)?),
    };
    let answers = find_all(connection, questions)?;
    for (question, answer) in questions.drain(..).zip(answers) {
        question.answer(Ok(answer));
    }
    Ok(())
}

/// The answers to these questions, in their order, from one transaction.
fn find_all(
    connection: &Connection,
    questions: &[Question],
) -> rusqlite::Result<Vec<Option<ValidTokenRow>>> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let mut by_hash = connection.prepare_cached(BY_HASH)?;
    let find = |question: &Question| {
        let found = by_hash.query_row([question.hash.0], ValidTokenRow::from_sqlite);
        found.optional()
    };
    let answers = questions.iter().map(find).collect::<Result<_, _>>()?;
    // Were it left open, it would go on seeing the file as it was, and with it every token revoked since.
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(answers)
}

fn connect(file: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(patience)?;
    // A negative number is one of KiB, not of pages.
    connection.pragma_update(None, "cache_size", format!("-{CACHE}"))?;
    Ok(connection)
}
