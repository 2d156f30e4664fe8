//! PostgreSQL, asked for all who ask at the same time at once.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use sqlx::FromRow;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::timeout,
};

use super::{ValidTokenRow, client_columns, valid_token};
use crate::server::{
    store::{
        StoreError,
        db::{in_time, only_on_primary},
        postgres::{PostgresConnection, PostgresPool},
    },
    token_secret::SecretHash,
};

/// Questions that share a statement at most.
const SHARE: usize = 256;

/// Statements under way at the same time. With more of them fewer questions share one.
const LANES: usize = 2;
/// How long a connection is kept while there is always somebody who asks.
const KEPT: Duration = Duration::from_millis(100);

const BY_HASH: &str = concat!(valid_token!("$1"), only_on_primary!());
/// Not `hash = ANY($1)`: where clients are few PostgreSQL then reads all of them, for every statement. Here each hash is
/// looked up by the index, whatever it believes of the tables.
const BY_HASHES: &str = concat!(
    "SELECT asked.place, found.* FROM unnest($1) WITH ORDINALITY AS asked (hash, place), LATERAL (",
    valid_token!("asked.hash"),
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

struct Question {
    hash: SecretHash,
    answer: oneshot::Sender<Answer>,
}

type Answer = Result<Option<ValidTokenRow>, StoreError>;

impl Question {
    fn answer(self, answer: Answer) {
        // An error: who asked has gone away.
        let _ = self.answer.send(answer);
    }

    fn fail_all(questions: impl Iterator<Item = Self>, error: StoreError) {
        let error = Arc::new(error);
        for question in questions {
            question.answer(Err(StoreError::Shared(Arc::clone(&error))));
        }
    }
}

/// Where to ask for tokens. What answers lives as long as there is anybody who may ask.
#[derive(Clone, Debug)]
pub(in crate::server::store) struct Lookups {
    questions: mpsc::UnboundedSender<Question>,
    patience: Duration,
}

impl Lookups {
    /// Asks the server of `pool`. Nobody waits for an answer longer than `patience`.
    pub(in crate::server::store) fn start(pool: &PostgresPool, patience: Duration) -> Self {
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
    let mut connection = None;
    let ask = async |questions: &mut _| queue.lock().await.recv_many(questions, SHARE).await;
    loop {
        let asked = if let Some(asked) = ask(&mut questions).now_or_never() {
            asked
        } else {
            connection = None;
            ask(&mut questions).await
        };
        if asked == 0 {
            return;
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
    let answers = match questions {
        [one] => {
            let statement = sqlx::query_as(BY_HASH).bind(one.hash.0.as_slice());
            in_time(statement.fetch_optional(connection.ask()?))
                .await
                .map(|row| vec![Ok(row)])
        }
        many => {
            let hashes: Vec<&[u8]> = many.iter().map(|one| one.hash.0.as_slice()).collect();
            let statement = sqlx::query_as(BY_HASHES).bind(hashes);
            in_time(statement.fetch_all(connection.ask()?))
                .await
                .map(|rows| in_order(rows, many.len()))
        }
    };
    connection.heard(answers)
}

/// What was found, in the order of the hashes it was asked for.
fn in_order(rows: Vec<FoundRow>, asked: usize) -> Vec<Answer> {
    let mut answers: Vec<Answer> = (0..asked).map(|_| Ok(None)).collect();
    for row in rows {
        let place = usize::try_from(row.place - 1).unwrap_or(usize::MAX);
        if let Some(answer) = answers.get_mut(place) {
            *answer = Ok(Some(row.token));
        }
    }
    answers
}
