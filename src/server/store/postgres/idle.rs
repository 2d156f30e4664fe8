//! Connections to PostgreSQL between two statements.
//!
//! sqlx's pool pings each connection that is returned to it. That takes as long as a statement, so connections stay here
//! for the next statement first, for about a second.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use tokio::time::{sleep, timeout};

use crate::server::store::deadlines;

/// The idle connections. Copies share them.
#[derive(Clone, Debug)]
pub struct IdleConnections(Arc<Mutex<Idle>>);

/// Each with the time since when it is idle, the last one at the end; `None` once they are closed.
type Idle = Option<Vec<(Instant, PooledConnection)>>;

impl IdleConnections {
    /// None yet. Those that stay idle for too long are returned to the pool.
    pub fn start() -> Self {
        let idle = Arc::new(Mutex::new(Some(Vec::new())));
        tokio::spawn(return_unused(Arc::downgrade(&idle)));
        Self(idle)
    }

    /// The one that was used last, if that was a moment ago.
    pub fn take(&self) -> Option<PooledConnection> {
        let (since, connection) = lock(&self.0).as_mut()?.pop()?;
        let is_fresh = since.elapsed() < deadlines::FRESH;
        // Otherwise it is dropped, which returns it to the pool.
        (is_fresh && connection.age() < deadlines::OUT_OF_POOL).then_some(connection)
    }

    /// Keeps a working connection.
    pub fn put(&self, connection: PooledConnection) {
        if let Some(idle) = lock(&self.0).as_mut() {
            idle.push((Instant::now(), connection));
        }
    }

    /// Returns all of them to the pool, and from now on each that is put here.
    pub fn close(&self) {
        lock(&self.0).take();
    }
}

async fn return_unused(idle: Weak<Mutex<Idle>>) {
    loop {
        sleep(deadlines::FRESH).await;
        let Some(idle) = idle.upgrade() else {
            return;
        };
        if let Some(idle) = lock(&idle).as_mut() {
            idle.retain(|(since, _)| since.elapsed() < deadlines::FRESH);
        }
    }
}

fn lock(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection of the pool, to which it is returned when it is dropped.
#[derive(Debug)]
pub struct PooledConnection {
    /// `Some` until it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    acquired_at: Instant,
    first_answer: Option<Instant>,
}

impl PooledConnection {
    /// A connection that was acquired a moment ago.
    pub fn new(connection: PoolConnection<Postgres>) -> Self {
        Self {
            connection: Some(connection),
            acquired_at: Instant::now(),
            first_answer: None,
        }
    }

    /// The time since it was acquired from the pool, which checked that it works.
    pub fn age(&self) -> Duration {
        self.acquired_at.elapsed()
    }

    /// When it answered a statement for the first time since then.
    pub fn first_answer(&self) -> Option<Instant> {
        self.first_answer
    }

    /// Notes that it has answered a statement.
    pub fn note_answer(&mut self) {
        self.first_answer.get_or_insert_with(Instant::now);
    }

    /// The driver's connection.
    ///
    /// # Errors
    /// Never: it is there until this is dropped.
    pub fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    /// Closes it, because its next answer may belong to an earlier statement.
    pub fn close(mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // By itself sqlx would wait without end for a server that has fallen silent, with the connection still
            // counted. After the limit it is dropped, and thereby closed.
            let returned =
                async move { timeout(deadlines::HANDSHAKE, connection.return_to_pool()).await };
            tokio::spawn(returned);
        }
    }
}
