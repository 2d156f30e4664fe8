//! What the connections to a file can rely on.

use std::fs;

use tempfile::TempDir;

use super::{snapshot::Snapshot, writer::WriterTransaction, *};
use crate::server::store::rows::FromColumns;

async fn database() -> (TempDir, PathBuf, [Reader<()>; 2], Writer) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("some.db");
    let url = format!("sqlite://{}", path.display());
    match open(&url, Connections::default(), IfMissing::Create).await {
        Ok(OpenDatabase {
            verifier,
            lists,
            writer,
            ..
        }) => {
            writer.migrate().await.unwrap();
            (dir, path, [verifier, lists], writer)
        }
        other => panic!("{other:?}"),
    }
}

async fn add(writer: &Writer, hash: &str) -> Result<(), StoreError> {
    let mut tx = writer.begin().await?;
    insert(&mut tx, hash).await;
    tx.commit().await
}

async fn insert(tx: &mut WriterTransaction, hash: &str) {
    sqlx::query("INSERT INTO clients (email, email_key, name, address1, city, state, postcode, country, \
                 currency_code, status, created_at) VALUES ($1, $1, '', '', '', '', '', 'US', 'USD', 'active', 1)")
        .bind(hash)
        .execute(&mut *tx.open)
        .await
        .unwrap();
}

/// What a statement says to each of the readers, who have to agree.
async fn ask<R: FromColumns + PartialEq + std::fmt::Debug + Send + 'static>(
    readers: &[Reader<()>; 2],
    sql: &'static str,
) -> Result<R, StoreError> {
    let ask = async |reader: &Reader<()>| {
        let read = move |snapshot: &mut Snapshot<'_, ()>| snapshot.read_all(sql, &[]);
        let rows: Result<Vec<R>, _> = reader.read(read).await;
        rows.map(|mut rows| rows.pop().unwrap())
    };
    let (one, other) = (ask(&readers[0]).await, ask(&readers[1]).await);
    assert_eq!(one.as_ref().ok(), other.as_ref().ok());
    one
}

async fn count(readers: &[Reader<()>; 2]) -> Result<i64, StoreError> {
    ask(readers, "SELECT count(*) FROM clients").await
}

async fn close_connection(writer: &Writer) {
    let connection = writer.pool.acquire().await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn the_connection_that_writes_is_kept_however_long_nobody_writes() {
    let (_dir, _, _, writer) = database().await;
    assert_eq!(writer.pool.options().get_idle_timeout(), None);
    assert_eq!(writer.pool.options().get_max_lifetime(), None);
}

#[tokio::test]
async fn opened_again_it_writes_what_is_read() {
    let (_dir, _, readers, writer) = database().await;
    for n in 0..3 {
        // The first time nobody reads yet, so SQLite makes the log anew.
        close_connection(&writer).await;
        add(&writer, &format!("{n}@example.com")).await.unwrap();
        assert_eq!(count(&readers).await.unwrap(), n + 1);
    }
}

#[tokio::test]
async fn it_is_not_opened_again_on_another_file() {
    let (dir, path, readers, writer) = database().await;
    add(&writer, "a@example.com").await.unwrap();
    assert_eq!(count(&readers).await.unwrap(), 1);
    let aside = dir.path().join("aside.db");
    fs::rename(&path, &aside).unwrap();
    close_connection(&writer).await;
    for content in [None, Some(&aside)] {
        if let Some(content) = content {
            fs::copy(content, &path).unwrap();
        }
        let refused = add(&writer, "b@example.com").await.unwrap_err();
        assert!(
            refused.is_moved() && refused.is_unavailable(),
            "{refused:?}"
        );
        let refused = count(&readers).await.unwrap_err();
        assert!(
            refused.is_moved() && refused.is_unavailable(),
            "{refused:?}"
        );
    }
    fs::rename(&aside, &path).unwrap();
    add(&writer, "b@example.com").await.unwrap();
    assert_eq!(count(&readers).await.unwrap(), 2);
}

#[tokio::test]
async fn what_is_under_way_when_the_file_goes_is_not_done() {
    let (dir, path, readers, writer) = database().await;
    let mut tx = writer.begin().await.unwrap();
    insert(&mut tx, "a@example.com").await;
    let aside = dir.path().join("aside.db");
    fs::rename(&path, &aside).unwrap();
    let refused = tx.commit().await.unwrap_err();
    assert!(refused.is_moved(), "{refused:?}");
    fs::rename(&aside, &path).unwrap();
    assert_eq!(count(&readers).await.unwrap(), 0);
    add(&writer, "a@example.com").await.unwrap();
}

#[tokio::test]
async fn no_connection_needs_a_folder_for_temporary_files() {
    const MEMORY: i64 = 2;
    const QUESTION: &str = "PRAGMA temp_store";
    let (_dir, path, readers, writer) = database().await;
    assert_eq!(ask::<i64>(&readers, QUESTION).await.unwrap(), MEMORY);
    let mut tx = writer.begin().await.unwrap();
    let written = sqlx::query_scalar(QUESTION).fetch_one(&mut *tx.open);
    assert_eq!(written.await.ok(), Some(MEMORY));
    drop(tx);
    for read_only in [true, false] {
        let options = connect::options(&path).read_only(read_only);
        let mut connection = options.connect().await.unwrap();
        let asked = sqlx::query_scalar(QUESTION).fetch_one(&mut connection);
        assert_eq!(asked.await.ok(), Some(MEMORY));
    }
}
