//! PostgreSQL, asked for all who ask at the same time at once.

use std::{sync::Arc, time::Duration};

use sqlx::FromRow;
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};

use super::{Answer, Question, SHARE, StoreError, ValidTokenRow, client_columns, valid_token};
use crate::server::store::{
    db::{in_time, only_on_primary},
    postgres::{PostgresConnection, PostgresPool},
};

/// Statements under way at the same time. With more of them fewer questions share one.
const LANES: usize = 2;
/// How long a connection is kept for the next statement. To give it back to the pool and take another takes as long as
/// the statement.
const KEPT: Duration = Duration::from_millis(100);

/// Not `hash = ANY($1)`: where clients are few PostgreSQL then reads all of them, for every statement. Here each hash is
/// looked up by the index, whatever it believes of the tables.
const BY_HASHES: &str = concat!(
    "SELECT asked.place, found.* FROM unnest($1) WITH ORDINALITY AS asked (hash, place), LATERAL (",
    valid_token!("= asked.hash"),
    " LIMIT 1) AS found WHERE true",
    only_on_primary!()
);

#[derive(FromRow)]
struct FoundRow {
    /// Which of the hashes it has, from 1.
    place: i64,
    #[sqlx(flatten)]
    token: ValidTokenRow,
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
    let mut connection = None;
    loop {
        let ask = async { queue.lock().await.recv_many(&mut questions, SHARE).await };
        let asked = if connection.is_some() {
            timeout(KEPT, ask).await
        } else {
            Ok(ask.await)
        };
        match asked {
            Ok(0) => return,
            Ok(_) => {}
            Err(_) => connection = None,
        }
        // Those who have gone away meanwhile need no answer.
        questions.retain(|question| !question.answer.is_closed());
        if questions.is_empty() {
            continue;
        }
        match find_all(&pool, &mut connection, &questions).await {
            Ok(answers) => {
                for (question, answer) in questions.drain(..).zip(answers) {
                    question.answer(answer);
                }
            }
            Err(error) => {
                connection = None;
                Question::fail_all(questions.drain(..), error);
            }
        }
    }
}

/// The answers to these questions, in their order.
async fn find_all(
    pool: &PostgresPool,
    connection: &mut Option<PostgresConnection>,
    questions: &[Question],
) -> Result<Vec<Answer>, StoreError> {
    // Others may be waiting for it, and it may be the only one.
    connection.take_if(|connection| !connection.is_good_for(KEPT));
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(pool.acquire().await?),
    };
    let hashes: Vec<&[u8]> = questions
        .iter()
        .map(|question| question.hash.0.as_slice())
        .collect();
    let statement = sqlx::query_as(BY_HASHES).bind(hashes);
    let rows: Result<Vec<FoundRow>, _> = in_time(statement.fetch_all(connection.ask()?)).await;
    let rows = connection.heard(rows)?;
    let mut answers: Vec<Answer> = questions.iter().map(|_| Ok(None)).collect();
    for row in rows {
        let place = usize::try_from(row.place - 1).unwrap_or(usize::MAX);
        if let Some(answer) = answers.get_mut(place) {
            *answer = Ok(Some(row.token));
        }
    }
    Ok(answers)
}
