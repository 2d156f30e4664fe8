//! Connections to PostgreSQL between two statements.
//!
//! The pool of sqlx asks a connection whether it still works whenever it comes back. That takes as long as the statement
//! it was taken for, so it waits here for the next one first, for about a second.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use tokio::time::{sleep, timeout};

use super::db::PATIENCE;

/// How long one that nobody uses is believed to work.
pub(super) const FRESH: Duration = Duration::from_secs(1);

/// How long one may stay with us. Then the pool sees whether it has not become too old.
const KEPT: Duration = Duration::from_mins(1);

/// Where they wait. Copies share it.
#[derive(Clone, Debug)]
pub(super) struct Spares(Arc<Mutex<Waiting>>);

/// Those that wait, the last that came at the end; nothing when it is over.
type Waiting = Option<Vec<(Instant, Taken)>>;

impl Spares {
    /// None yet. Whoever waits for too long goes back to the pool.
    pub(super) fn start() -> Self {
        let waiting = Arc::new(Mutex::new(Some(Vec::new())));
        tokio::spawn(send_back(Arc::downgrade(&waiting)));
        Self(waiting)
    }

    /// One that was used a moment ago, if there is any.
    pub(super) fn take(&self) -> Option<Taken> {
        let (since, connection) = lock(&self.0).as_mut()?.pop()?;
        // Else it goes back to the pool.
        (since.elapsed() < FRESH && connection.age() < KEPT).then_some(connection)
    }

    /// Keeps one that works.
    pub(super) fn keep(&self, connection: Taken) {
        if let Some(waiting) = lock(&self.0).as_mut() {
            waiting.push((Instant::now(), connection));
        }
    }

    /// Sends all back to the pool, and from now on whoever comes.
    pub(super) fn close(&self) {
        lock(&self.0).take();
    }
}

async fn send_back(waiting: Weak<Mutex<Waiting>>) {
    loop {
        sleep(FRESH).await;
        let Some(waiting) = waiting.upgrade() else {
            return;
        };
        if let Some(waiting) = lock(&waiting).as_mut() {
            waiting.retain(|(since, _)| since.elapsed() < FRESH);
        }
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection of the pool, which it goes back to when it is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    /// There until it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    at: Instant,
    first_answer: Option<Instant>,
}

impl Taken {
    /// Taken a moment ago.
    pub(super) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self {
            connection: Some(connection),
            at: Instant::now(),
            first_answer: None,
        }
    }

    /// How long ago the pool gave it, which saw to it that it worked.
    pub(super) fn age(&self) -> Duration {
        self.at.elapsed()
    }

    /// When it answered for the first time since then.
    pub(super) fn first_answer(&self) -> Option<Instant> {
        self.first_answer
    }

    /// Notes that it has answered.
    pub(super) fn note_answer(&mut self) {
        self.first_answer.get_or_insert_with(Instant::now);
    }

    /// To send a statement on.
    ///
    /// # Errors
    /// Never: a connection is there until it is dropped.
    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    /// Closes it: nobody could say what it would answer next.
    pub(super) fn close(mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // Left to itself sqlx would wait without end for a server that has fallen silent, with the connection's place
            // taken. What is not back by then is dropped, and with it closed.
            tokio::spawn(async move { timeout(PATIENCE, connection.return_to_pool()).await });
        }
    }
}
