//! The one question that every request of the API asks: which valid token has this hash?
//!
//! Asked through a pool like everything else it would cost several times what the rest of the
//! request does. Most of that is the way there and back, and what a database does to begin and end
//! a read. So those who ask while others are being answered wait together and are answered
//! together; one who comes alone is answered at once.
//!
//! - SQLite: one of the threads that serve requests asks for all of them in one transaction ([`file`]).
//! - PostgreSQL: all of them share one statement ([`server`]).
//!
//! # Why a revocation is immediate
//!
//! A request that begins after a revocation was answered, on whichever node, finds no token:
//!
//! - The answer to a revocation is sent after the database has answered its COMMIT.
//! - The transaction that answers a request is begun after the request came in, so after that answer.
//!   It sees everything committed before it begins: in SQLite a read takes the last commit of the
//!   file, whichever process made it; in PostgreSQL (READ COMMITTED) the snapshot is taken when the
//!   statement has arrived.
//! - Both go to the same database. No replica is read; a primary that was demoted refuses
//!   ([`super::db::on_primary`]), and one that was replaced without knowing it must be kept from us
//!   by whoever replaced it, as from every other client.
//! - Nothing is remembered from one transaction to the next: there is no cache to be told.
//!
//! And a request that was let in is one that began before the revocation was answered.

mod file;
mod server;

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use sqlx::FromRow;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use super::{
    Store, StoreError,
    clients::{CLIENT_COLUMNS, ClientRow, client_columns},
    db::Db,
    postgres::PostgresPool,
};
use crate::{
    domain::{client::Client, token::TokenId},
    server::token_secret::SecretHash,
};

/// Questions that are answered together at most.
const SHARE: usize = 256;

/// The valid token behind a hash.
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// Which token.
    pub id: TokenId,
    /// Whose data it reads.
    pub client: Client,
}

/// A question for the valid token with this hash, by this index if one is named.
macro_rules! valid_token {
    ($hash:literal $(, $index:literal)?) => {
        concat!(
            "SELECT ",
            client_columns!(),
            ", t.id AS token_id FROM tokens t ",
            $("INDEXED BY ", $index,)?
            " JOIN clients c ON c.id = t.client_id WHERE t.hash = ",
            $hash,
            " AND t.revoked_at IS NULL AND c.status <> 'closed'"
        )
    };
}

use valid_token;

#[derive(FromRow)]
struct ValidTokenRow {
    #[sqlx(flatten)]
    client: ClientRow,
    token_id: i64,
}

impl ValidTokenRow {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            client: ClientRow::from_sqlite(row)?,
            token_id: row.get(CLIENT_COLUMNS)?,
        })
    }

    fn into_valid_token(self) -> Result<ValidToken, StoreError> {
        Ok(ValidToken {
            id: TokenId(self.token_id),
            client: self.client.into_client()?,
        })
    }
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
pub(super) struct Lookups {
    questions: mpsc::UnboundedSender<Question>,
    closing: watch::Sender<()>,
    patience: Duration,
}

impl Lookups {
    /// Asks the SQLite database in `file`. Nobody waits for an answer longer than `patience`.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(super) fn of_file(file: PathBuf, patience: Duration) -> io::Result<Self> {
        let (questions, queue) = mpsc::unbounded_channel();
        let (closing, is_closing) = watch::channel(());
        file::start(file, patience, queue, is_closing)?;
        Ok(Self {
            questions,
            closing,
            patience,
        })
    }

    /// Asks the PostgreSQL server of `pool`. Nobody waits for an answer longer than `patience`.
    pub(super) fn of_server(pool: &PostgresPool, patience: Duration) -> Self {
        let (questions, queue) = mpsc::unbounded_channel();
        server::start(pool, queue);
        Self {
            questions,
            // It is over with the pool.
            closing: watch::Sender::new(()),
            patience,
        }
    }

    /// Closes the file, if it is one. From then on nobody gets an answer.
    pub(super) async fn close(&self) {
        // An error: it is closed already.
        let _ = self.closing.send(());
        // An error: it stands still over a question, and is left to it.
        let _ = timeout(self.patience, self.closing.closed()).await;
    }

    async fn find(&self, hash: SecretHash) -> Answer {
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

impl Store {
    /// The valid token with this hash, as the database has it after this was called.
    pub async fn token_by_hash(&self, hash: SecretHash) -> Result<Option<ValidToken>, StoreError> {
        self.faults.strike()?;
        let (Db::Sqlite { lookups, .. } | Db::Postgres { lookups, .. }) = &self.db;
        let row = lookups.find(hash).await?;
        row.map(ValidTokenRow::into_valid_token).transpose()
    }
}
