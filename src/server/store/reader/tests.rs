//! What whoever asks can rely on.

use std::{fs, path::PathBuf, sync::Mutex};

use futures::FutureExt;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::*;

fn reader() -> (TempDir, PathBuf, Reader) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("some.db");
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch("CREATE TABLE t (x)").unwrap();
    let files = Arc::new(Files::of(&file).unwrap());
    let reader = Reader::start(files, Duration::from_secs(1)).unwrap();
    (dir, file, reader)
}

fn count(snapshot: &mut Snapshot<'_>) -> rusqlite::Result<i64> {
    let statement = snapshot.statement("SELECT count(*) FROM t")?;
    statement.query_row([], |row| row.get(0))
}

fn text_as_number(snapshot: &mut Snapshot<'_>) -> rusqlite::Result<i64> {
    let statement = snapshot.statement("SELECT 'text'")?;
    statement.query_row([], |row| row.get(0))
}

#[tokio::test]
async fn an_answer_is_of_the_file_as_it_was_when_asked() {
    let (_dir, file, reader) = reader();
    let writer = Connection::open(file).unwrap();
    for there in 0..5 {
        assert_eq!(reader.ask(count).await.unwrap(), there);
        assert_eq!(reader.ask_first(count).await.unwrap(), there);
        writer.execute("INSERT INTO t VALUES (1)", []).unwrap();
    }
}

#[tokio::test]
async fn what_comes_first_does_not_wait_for_what_takes_long() {
    let (_dir, _, reader) = reader();
    let order: Arc<Mutex<Vec<&str>>> = Arc::default();
    let note = |what: &'static str, takes: Duration| {
        let order = Arc::clone(&order);
        move |_: &mut Snapshot<'_>| {
            thread::sleep(takes);
            order.lock().unwrap().push(what);
            Ok(())
        }
    };
    let slow = async {
        reader.ask(note("slow", 2 * TURN)).await.unwrap();
        let first = note("first", Duration::ZERO);
        reader.ask_first(first).await.unwrap();
    };
    let then = reader.ask(note("then", Duration::ZERO));
    let ((), then) = tokio::join!(slow, then);
    then.unwrap();
    assert_eq!(*order.lock().unwrap(), ["slow", "first", "then"]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_fails_for_who_asked_for_it_alone() {
    let (_dir, _, reader) = reader();
    let (bad, good) = tokio::join!(reader.ask_first(text_as_number), reader.ask_first(count));
    assert!(!bad.unwrap_err().is_unavailable());
    assert_eq!(good.unwrap(), 0);
}

#[tokio::test]
async fn a_file_that_is_broken_fails_for_all_until_it_is_well_again() {
    let (_dir, file, reader) = reader();
    let well = fs::read(&file).unwrap();
    fs::write(
        &file,
        "This is no database, however far one reads on in it.",
    )
    .unwrap();
    let mut asked = JoinSet::new();
    for _ in 0..5 {
        let (first, then) = (reader.clone(), reader.clone());
        asked.spawn(async move { first.ask_first(count).await });
        asked.spawn(async move { then.ask(count).await });
    }
    for answer in asked.join_all().await {
        assert!(matches!(answer, Err(StoreError::Shared(_))), "{answer:?}");
    }
    fs::write(&file, well).unwrap();
    assert_eq!(reader.ask(count).await.unwrap(), 0);
}

#[tokio::test]
async fn nothing_is_read_for_who_has_gone_away() {
    let (_dir, _, reader) = reader();
    let was_read = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&was_read);
    let read = move |_: &mut Snapshot<'_>| {
        counts.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    assert!(reader.ask_first(read).now_or_never().is_none());
    reader.ask(count).await.unwrap();
    assert_eq!(was_read.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn after_the_close_nobody_gets_an_answer() {
    let (_dir, _, reader) = reader();
    reader.ask(count).await.unwrap();
    reader.close().await;
    let refused = reader.ask(count).await;
    assert!(refused.unwrap_err().is_unavailable());
    reader.close().await;
}
