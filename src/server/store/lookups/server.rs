//! PostgreSQL, asked for all who ask at the same time at once.

use std::{collections::HashMap, sync::Arc};

use sqlx::FromRow;
use tokio::sync::{Mutex, mpsc};

use super::{Question, SHARE, StoreError, ValidTokenRow, client_columns, valid_tokens};
use crate::server::store::{
    db::{in_time, only_on_primary},
    postgres::PostgresPool,
};

/// Statements under way at the same time. With more of them fewer questions share one.
const LANES: usize = 2;

const BY_HASHES: &str = concat!(valid_tokens!(", t.hash", "= ANY($1)"), only_on_primary!());

#[derive(FromRow)]
struct HashedRow {
    #[sqlx(flatten)]
    token: ValidTokenRow,
    hash: Vec<u8>,
}

/// Answers in the background.
pub(super) fn start(pool: &PostgresPool, queue: mpsc::UnboundedReceiver<Question>) {
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..LANES {
        tokio::spawn(answer_all(pool.clone(), Arc::clone(&queue)));
    }
}

/// Answers whatever is asked, as much at a time as there is.
async fn answer_all(pool: PostgresPool, queue: Arc<Mutex<mpsc::UnboundedReceiver<Question>>>) {
    let mut questions = Vec::with_capacity(SHARE);
    while queue.lock().await.recv_many(&mut questions, SHARE).await > 0 {
        // Those who have gone away meanwhile need no answer.
        questions.retain(|question| !question.answer.is_closed());
        if questions.is_empty() {
            continue;
        }
        let hashes = questions.iter().map(|question| question.hash.0.as_slice());
        match find_all(&pool, hashes.collect()).await {
            Ok(found) => {
                for question in questions.drain(..) {
                    let found = found.get(question.hash.0.as_slice()).cloned();
                    question.answer(Ok(found));
                }
            }
            Err(error) => Question::fail_all(questions.drain(..), error),
        }
    }
}

async fn find_all(
    pool: &PostgresPool,
    hashes: Vec<&[u8]>,
) -> Result<HashMap<Vec<u8>, ValidTokenRow>, StoreError> {
    let mut connection = pool.acquire().await?;
    let statement = sqlx::query_as(BY_HASHES).bind(hashes);
    let rows: Result<Vec<HashedRow>, _> = in_time(statement.fetch_all(connection.ask()?)).await;
    let rows = connection.heard(rows)?;
    Ok(rows.into_iter().map(|row| (row.hash, row.token)).collect())
}
