//! PostgreSQL, asked for all who ask at the same time at once.
//!
//! Most of what a small question costs is the way there and back. So those that come in while a
//! statement is under way wait together for the next one; one that comes alone is asked at once.
//! Every statement begins after all the questions in it were asked, so none is answered with what
//! was true before.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::timeout,
};

use super::{ValidTokenRow, client_columns, valid_tokens};
use crate::server::{
    store::{
        StoreError,
        db::{in_time, only_on_primary},
        postgres::PostgresPool,
    },
    token_secret::SecretHash,
};

/// Statements under way at the same time. With more of them fewer questions share one.
const LANES: usize = 2;
/// Questions in one statement at most.
const SHARE: usize = 256;

const BY_HASHES: &str = concat!(valid_tokens!("= ANY($1)"), only_on_primary!());

/// Where to ask for tokens.
#[derive(Clone, Debug)]
pub(in super::super) struct CoalescedLookups {
    questions: mpsc::UnboundedSender<Question>,
    patience: Duration,
}

struct Question {
    hash: SecretHash,
    answer: oneshot::Sender<Answer>,
}

type Answer = Result<Option<ValidTokenRow>, StoreError>;

impl CoalescedLookups {
    /// Asks `pool` in the background, for as long as there is anybody who may ask. Nobody waits for
    /// an answer longer than `patience`.
    pub(in super::super) fn start(pool: &PostgresPool, patience: Duration) -> Self {
        let (questions, queue) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..LANES {
            tokio::spawn(answer_all(pool.clone(), Arc::clone(&queue)));
        }
        Self {
            questions,
            patience,
        }
    }

    /// The valid token with this hash.
    pub(super) async fn find(&self, hash: SecretHash) -> Answer {
        let (answer, answered) = oneshot::channel();
        let nobody_answers = || StoreError::Statement(sqlx::Error::WorkerCrashed);
        let question = Question { hash, answer };
        self.questions
            .send(question)
            .map_err(|_| nobody_answers())?;
        match timeout(self.patience, answered).await {
            Ok(answer) => answer.map_err(|_| nobody_answers())?,
            Err(_) => Err(StoreError::Silent),
        }
    }
}

/// Answers whatever is asked, as much at a time as there is.
async fn answer_all(pool: PostgresPool, queue: Arc<Mutex<mpsc::UnboundedReceiver<Question>>>) {
    let mut questions = Vec::with_capacity(SHARE);
    while queue.lock().await.recv_many(&mut questions, SHARE).await > 0 {
        // Those who have gone away meanwhile need no answer.
        questions.retain(|question| !question.answer.is_closed());
        if !questions.is_empty() {
            answer(&pool, questions.drain(..)).await;
        }
    }
}

async fn answer(pool: &PostgresPool, questions: impl Iterator<Item = Question>) {
    let questions: Vec<_> = questions.collect();
    let hashes = questions.iter().map(|question| question.hash.0.as_slice());
    match find_all(pool, hashes.collect()).await {
        Ok(found) => {
            for Question { hash, answer } in questions {
                // An error: who asked has gone away.
                let _ = answer.send(Ok(found.get(hash.0.as_slice()).cloned()));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for Question { answer, .. } in questions {
                let _ = answer.send(Err(StoreError::Shared(Arc::clone(&error))));
            }
        }
    }
}

async fn find_all(
    pool: &PostgresPool,
    hashes: Vec<&[u8]>,
) -> Result<HashMap<Vec<u8>, ValidTokenRow>, StoreError> {
    let mut connection = pool.acquire().await?;
    let statement = sqlx::query_as(BY_HASHES).bind(hashes);
    let rows: Result<Vec<ValidTokenRow>, _> = in_time(statement.fetch_all(connection.ask()?)).await;
    let rows = connection.heard(rows)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.hash.clone(), row))
        .collect())
}
