//! SQLite, asked by one thread for everybody.
//!
//! To begin and end a read takes more than the read itself: system calls, and a lock that all
//! connections of a process share, so several threads would mostly wait for each other. And where
//! SQLite waits by itself (ten seconds, if another program keeps the locks of readers to itself), or
//! the disk does not answer, this thread stands still and no request does.

use std::{
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
};

use super::{Question, SHARE, StoreError, ValidTokenRow, client_columns, valid_token};

const BY_HASH: &str = valid_token!("= $1");
/// Memory for pages of the file, in KiB.
const CACHE: usize = 32 * 1024;

/// Starts the thread. It ends when something is sent by `closing`, or when nobody is left who may ask.
///
/// # Errors
/// The system has none to give.
pub(super) fn start(
    file: PathBuf,
    patience: Duration,
    questions: mpsc::UnboundedReceiver<Question>,
    closing: watch::Receiver<()>,
) -> io::Result<()> {
    let mut queue = Queue {
        questions,
        closing,
        runtime: Handle::current(),
    };
    thread::Builder::new()
        .name("lookups".to_owned())
        .spawn(move || answer_all(&file, patience, &mut queue))?;
    Ok(())
}

/// Those who wait.
struct Queue {
    questions: mpsc::UnboundedReceiver<Question>,
    closing: watch::Receiver<()>,
    runtime: Handle,
}

impl Queue {
    /// Waits for somebody, and takes all there are; nobody: it is over.
    fn take(&mut self, questions: &mut Vec<Question>) -> bool {
        self.runtime.block_on(async {
            tokio::select! {
                count = self.questions.recv_many(questions, SHARE) => count > 0,
                _ = self.closing.changed() => false,
            }
        })
    }
}

fn answer_all(file: &Path, patience: Duration, queue: &mut Queue) {
    let mut questions = Vec::with_capacity(SHARE);
    while queue.take(&mut questions) {
        let answered = connect(file, patience)
            .and_then(|connection| answer_by(&connection, &mut questions, queue));
        match answered {
            Ok(()) => return,
            Err(error) => Question::fail_all(questions.drain(..), StoreError::Lookup(error)),
        }
    }
}

/// Answers these questions and all that follow, until it is over. What is not answered when
/// something fails stays in `questions`.
fn answer_by(
    connection: &Connection,
    questions: &mut Vec<Question>,
    queue: &mut Queue,
) -> rusqlite::Result<()> {
    let mut begin = connection.prepare("BEGIN")?;
    let mut by_hash = connection.prepare(BY_HASH)?;
    let mut commit = connection.prepare("COMMIT")?;
    loop {
        begin.execute([])?;
        while let Some(question) = questions.last() {
            let found = by_hash.query_row([question.hash.0], ValidTokenRow::from_sqlite);
            let found = found.optional()?;
            if let Some(question) = questions.pop() {
                question.answer(Ok(found));
            }
        }
        // Were it left open, it would go on seeing the file as it was, and with it every token revoked since.
        commit.execute([])?;
        if !queue.take(questions) {
            return Ok(());
        }
    }
}

fn connect(file: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(patience)?;
    // A negative number is one of KiB, not of pages.
    connection.pragma_update(None, "cache_size", format!("-{CACHE}"))?;
    Ok(connection)
}
