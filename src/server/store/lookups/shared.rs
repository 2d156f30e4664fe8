//! PostgreSQL, asked for all who ask at the same time at once.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::timeout,
};

use super::{Answer, LookedUp};
use crate::server::store::{
    StoreError,
    postgres::{PostgresConnection, PostgresPool},
};

/// Questions that share a statement at most.
const SHARE: usize = 256;
/// Statements under way at the same time. With more of them fewer questions share one.
const LANES: usize = 2;
/// How long a connection is kept while there is always somebody who asks.
const KEPT: Duration = Duration::from_millis(100);

struct Question<T: LookedUp> {
    key: T::Key,
    answer: oneshot::Sender<Answer<T>>,
}

type Questions<T> = mpsc::UnboundedReceiver<Question<T>>;

impl<T: LookedUp> Question<T> {
    fn answer(self, answer: Answer<T>) {
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

/// Where to ask for what is of a kind. What answers lives as long as there is anybody who may ask.
pub(in crate::server::store) struct Lookups<T: LookedUp> {
    questions: mpsc::UnboundedSender<Question<T>>,
    patience: Duration,
}

impl<T: LookedUp> Lookups<T> {
    /// Asks the server of `pool`. Nobody waits for an answer longer than `patience`.
    pub(super) fn start(pool: &PostgresPool, patience: Duration) -> Self {
        let (questions, queue) = mpsc::unbounded_channel();
        let shared = Arc::new((Mutex::new(queue), T::Memory::default()));
        for _ in 0..LANES {
            tokio::spawn(answer_all(pool.clone(), Arc::clone(&shared)));
        }
        Self {
            questions,
            patience,
        }
    }

    pub(in crate::server::store) async fn find(&self, key: T::Key) -> Answer<T> {
        let (answer, answered) = oneshot::channel();
        let nobody_answers = || StoreError::Statement(sqlx::Error::WorkerCrashed);
        let question = Question { key, answer };
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
async fn answer_all<T: LookedUp>(
    pool: PostgresPool,
    shared: Arc<(Mutex<Questions<T>>, T::Memory)>,
) {
    let (queue, memory) = &*shared;
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
        match find_all(&pool, &mut connection, memory, &questions).await {
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
async fn find_all<T: LookedUp>(
    pool: &PostgresPool,
    connection: &mut Option<PostgresConnection>,
    memory: &T::Memory,
    questions: &[Question<T>],
) -> Result<Vec<Answer<T>>, StoreError> {
    // Others may be waiting for it, and it may be the only one.
    connection.take_if(|connection| !connection.is_good_for(KEPT));
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(pool.acquire().await?),
    };
    let keys: Vec<&T::Key> = questions.iter().map(|question| &question.key).collect();
    T::find_all(connection, memory, &keys).await
}
