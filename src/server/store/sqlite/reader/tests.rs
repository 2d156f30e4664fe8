//! What callers can rely on.

use std::{fs, path::PathBuf, sync::atomic::Ordering};

use futures::FutureExt;
use tempfile::TempDir;
use tokio::task::JoinSet;

use rusqlite::Connection;

use super::*;

/// A task and a thread that read the same file.
fn readers() -> (TempDir, PathBuf, [Reader<()>; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("some.db");
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch("CREATE TABLE t (x)").unwrap();
    let files = Arc::new(Files::of(&file).unwrap());
    let limit = Duration::from_secs(1);
    let task = Reader::start_task(Arc::clone(&files), 1024, limit).unwrap();
    let thread = Reader::start_thread(files, 1024, limit).unwrap();
    (dir, file, [task, thread])
}

fn count(snapshot: &mut Snapshot<'_, ()>) -> rusqlite::Result<i64> {
    let statement = snapshot.statement("SELECT count(*) FROM t")?;
    statement.query_row([], |row| row.get(0))
}

fn text_as_number(snapshot: &mut Snapshot<'_, ()>) -> rusqlite::Result<i64> {
    let statement = snapshot.statement("SELECT 'text'")?;
    statement.query_row([], |row| row.get(0))
}

#[tokio::test]
async fn an_answer_is_of_the_file_as_it_was_when_asked() {
    let (_dir, file, readers) = readers();
    let writer = Connection::open(file).unwrap();
    for there in 0..5 {
        for reader in &readers {
            assert_eq!(reader.read(count).await.unwrap(), there);
        }
        writer.execute("INSERT INTO t VALUES (1)", []).unwrap();
    }
}

#[test]
fn a_turn_that_has_lasted_long_takes_no_further_read() {
    let connection = Connection::open_in_memory().unwrap();
    let mut file = OpenFile::<()>::new(connection);
    let slow = || {
        let (reply, replied) = oneshot::channel();
        let read = |_: &mut Snapshot<'_, ()>| {
            thread::sleep(2 * deadlines::TURN);
            Ok(())
        };
        let read: BoxedRead<()> = Box::new(PendingRead { read, reply });
        (read, replied)
    };
    let ((one, mut first), (other, mut second)) = (slow(), slow());
    let mut pending = VecDeque::from([one, other]);
    for left in [1, 0] {
        read_some(&mut pending, &mut file, metrics::VERIFIER).unwrap();
        assert_eq!(pending.len(), left);
        assert_eq!(first.try_recv().is_ok(), left == 1);
    }
    second.try_recv().unwrap().unwrap();
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_for_who_asked_for_it_alone() {
    let (_dir, _, readers) = readers();
    for reader in readers {
        let (bad, good) = tokio::join!(reader.read(text_as_number), reader.read(count));
        assert!(!bad.unwrap_err().is_unavailable());
        assert_eq!(good.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_file_that_is_broken_fails_for_all_until_it_is_well_again() {
    let (_dir, file, readers) = readers();
    let well = fs::read(&file).unwrap();
    fs::write(
        &file,
        "This is no database, however far one reads on in it.",
    )
    .unwrap();
    let mut asked = JoinSet::new();
    for _ in 0..5 {
        for reader in readers.clone() {
            asked.spawn(async move { reader.read(count).await });
        }
    }
    for answer in asked.join_all().await {
        assert!(matches!(answer, Err(StoreError::Shared(_))), "{answer:?}");
    }
    fs::write(&file, well).unwrap();
    for reader in readers {
        assert_eq!(reader.read(count).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn nothing_is_read_for_who_has_gone_away() {
    let (_dir, _, readers) = readers();
    let [reader, _] = readers;
    let was_read = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&was_read);
    let read = move |_: &mut Snapshot<'_, ()>| {
        counts.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    assert!(reader.read(read).now_or_never().is_none());
    reader.read(count).await.unwrap();
    assert_eq!(was_read.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn after_the_close_nobody_gets_an_answer() {
    let (_dir, _, readers) = readers();
    for reader in readers {
        reader.read(count).await.unwrap();
        reader.close().await;
        let refused = reader.read(count).await;
        assert!(refused.unwrap_err().is_unavailable());
        reader.close().await;
    }
}

#[tokio::test]
async fn a_task_is_not_held_up_by_a_thread_that_stands_still() {
    let (_dir, _, [task, thread]) = readers();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (is_reading, reading) = oneshot::channel();
    let held = thread.read(move |_| {
        is_reading.send(()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    let meanwhile = async {
        reading.await.unwrap();
        assert_eq!(task.read(count).await.unwrap(), 0);
        go_on.send(()).unwrap();
    };
    let (held, ()) = tokio::join!(held, meanwhile);
    held.unwrap();
}
