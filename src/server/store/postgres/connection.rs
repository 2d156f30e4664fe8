//! A connection to PostgreSQL in use.

use std::time::{Duration, Instant};

use sqlx::{
    PgConnection, Postgres,
    error::DatabaseError,
    postgres::{PgArguments, PgDatabaseError, PgSeverity},
    query::{Query, QueryAs},
    raw_sql,
};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{
    idle::{IdleConnections, PooledConnection},
    trust::Trust,
};
use crate::server::store::{
    StoreError,
    deadlines::{self, answered},
    rows::PostgresRow,
};

/// A connection that becomes idle when it is dropped. If it is in the middle of a statement it is closed instead, because
/// its next answer may belong to that statement; an open transaction is rolled back.
pub struct PostgresConnection {
    /// `Some` until it is dropped.
    connection: Option<PooledConnection>,
    acquired_at: Instant,
    idle: IdleConnections,
    trust: Trust,
    is_in_statement: bool,
    is_in_transaction: bool,
    permit: Option<OwnedSemaphorePermit>,
}

impl PostgresConnection {
    pub fn new(
        connection: PooledConnection,
        idle: IdleConnections,
        trust: Trust,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            connection: Some(connection),
            acquired_at: Instant::now(),
            idle,
            trust,
            is_in_statement: false,
            is_in_transaction: false,
            permit: Some(permit),
        }
    }

    /// Whether it was acquired less than `time` ago, with no sign of a problem since then.
    pub fn is_good_for(&self, time: Duration) -> bool {
        let age = self.acquired_at.elapsed();
        age < time && self.trust.covers(age)
    }

    /// Whether it has answered any statement before this moment.
    pub fn has_answered_before(&self, moment: Instant) -> bool {
        let first = self.connection.as_ref();
        let first = first.and_then(PooledConnection::first_answer);
        first.is_some_and(|first| first < moment)
    }

    /// All rows of a statement.
    pub async fn fetch<R: PostgresRow>(
        &mut self,
        statement: QueryAs<'_, Postgres, R, PgArguments>,
    ) -> Result<Vec<R>, StoreError> {
        let outcome = answered(statement.fetch_all(self.before_statement()?)).await;
        self.check_outcome(outcome)
    }

    /// Runs a statement, and returns how many rows it changed.
    pub async fn execute(
        &mut self,
        statement: Query<'_, Postgres, PgArguments>,
    ) -> Result<u64, StoreError> {
        let outcome = answered(statement.execute(self.before_statement()?)).await;
        let done = self.check_outcome(outcome)?;
        Ok(done.rows_affected())
    }

    /// Begins a transaction.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        self.run("BEGIN").await?;
        self.is_in_transaction = true;
        Ok(())
    }

    /// Commits the transaction.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.run("COMMIT").await?;
        self.is_in_transaction = false;
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        let outcome = answered(raw_sql(statement).execute(self.before_statement()?)).await;
        self.check_outcome(outcome.map(drop))
    }

    /// The driver's connection. [`Self::check_outcome`] has to be called with the outcome of the statement.
    fn before_statement(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.is_in_statement = true;
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed);
        Ok(connection.and_then(PooledConnection::connection)?)
    }

    /// Decides by the outcome of a statement whether the connection may be used again, and passes the outcome on.
    fn check_outcome<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match &outcome {
            Err(error) if is_lost(error) => self.trust.end(),
            _ => {
                self.is_in_statement = false;
                if let Some(connection) = &mut self.connection {
                    connection.note_answer();
                }
            }
        }
        outcome
    }
}

impl Drop for PostgresConnection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if self.is_in_statement {
            connection.close();
        } else if self.is_in_transaction {
            tokio::spawn(roll_back(connection, self.idle.clone(), self.permit.take()));
        } else {
            self.idle.put(connection);
        }
    }
}

/// Rolls back an open transaction, and keeps the connection if that was done soon.
async fn roll_back(
    mut connection: PooledConnection,
    idle: IdleConnections,
    _permit: Option<OwnedSemaphorePermit>,
) {
    let done = async { raw_sql("ROLLBACK").execute(connection.connection()?).await };
    if matches!(timeout(deadlines::HANDSHAKE, done).await, Ok(Ok(_))) {
        idle.put(connection);
    } else {
        connection.close();
    }
}

/// Whether the connection is of no more use, and older ones probably are not either.
fn is_lost(error: &StoreError) -> bool {
    match error {
        StoreError::Silent
        | StoreError::Statement(
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_),
        ) => true,
        StoreError::Statement(sqlx::Error::Database(error)) => ends_session(error.as_ref()),
        _ => false,
    }
}

fn ends_session(error: &dyn DatabaseError) -> bool {
    // The server is no longer the primary. A new connection may lead to the one that is.
    const READ_ONLY: &str = "25006";
    error
        .try_downcast_ref::<PgDatabaseError>()
        .is_some_and(|error| {
            error.code() == READ_ONLY
                || matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
        })
}
