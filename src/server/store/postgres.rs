//! Connections to PostgreSQL, which is at the other end of a network: it may be stopped, be cut off,
//! fall silent, or no longer be the server that writes.
//!
//! The pool is sqlx's. What is decided here is which connections are worth being used again: none
//! that was left in the middle of a statement, and none that is older than the last sign that
//! something is wrong with the server or the way to it.

pub(super) mod connect;
mod identity;

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    error::DatabaseError,
    postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions, PgSeverity},
    raw_sql,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use self::{
    connect::{check_session, connect, options, set_session},
    identity::Identity,
};
use super::{
    Connections, StoreError,
    db::{PATIENCE, in_time},
    spares::{FRESH, Spares, Taken},
};

/// Connections to a server, usually.
const CONNECTIONS: u32 = 10;
/// How long an idle connection may take to show that it still works. Then a new one is opened.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);

/// A pool of connections.
#[derive(Clone, Debug)]
pub(super) struct PostgresPool {
    pool: PgPool,
    spares: Spares,
    /// One for each connection that there may be.
    places: Arc<Semaphore>,
    wait: Duration,
    /// Without the limits of a session.
    options: Arc<PgConnectOptions>,
    trust: Trust,
    identity: Identity,
}

impl PostgresPool {
    pub(super) async fn open(url: &str, connections: Connections) -> Result<Self, sqlx::Error> {
        let options = options(url, "opentill")?;
        // One try, so that a start that cannot succeed says why, at once. The pool would go on trying.
        let mut first = connect(&options).await?;
        set_session(&mut first).await?;
        check_session(&mut first).await?;
        let identity = Identity::of(&mut first).await?;
        first.close().await?;
        let trust = Trust::default();
        let (trusted, suspected) = (trust.clone(), trust.clone());
        let expected = identity.clone();
        let most = connections.most.map_or(CONNECTIONS, NonZeroU32::get);
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(connections.wait)
            .test_before_acquire(false)
            .before_acquire(move |connection, meta| {
                let trust = trusted.clone();
                Box::pin(async move {
                    if !trust.covers(meta.age) {
                        return Ok(false);
                    }
                    // To try it costs a round trip.
                    if meta.idle_for < FRESH {
                        return Ok(true);
                    }
                    let is_alive =
                        matches!(timeout(SIGN_OF_LIFE, connection.ping()).await, Ok(Ok(())));
                    if !is_alive {
                        trust.end();
                    }
                    Ok(is_alive)
                })
            })
            .after_connect(move |connection, _| {
                let (trust, identity) = (suspected.clone(), expected.clone());
                Box::pin(async move {
                    set_session(connection).await?;
                    let checked = identity.check(connection).await;
                    if checked.is_err() {
                        trust.end();
                    }
                    checked
                })
            })
            .connect_lazy_with(options.clone());
        Ok(Self {
            pool,
            spares: Spares::start(),
            places: Arc::new(Semaphore::new(most as usize)),
            wait: connections.wait,
            options: Arc::new(options),
            trust,
            identity,
        })
    }

    /// A connection that may be used now.
    pub(super) async fn acquire(&self) -> Result<PostgresConnection, StoreError> {
        match timeout(self.wait, self.take()).await {
            Ok(Ok(taken)) => Ok(taken),
            _ if self.identity.is_other() => Err(StoreError::OtherDatabase),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
        }
    }

    async fn take(&self) -> Result<PostgresConnection, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let spare = self.spares.take();
        let connection = match spare.filter(|spare| self.trust.covers(spare.age())) {
            Some(spare) => spare,
            None => Taken::new(Box::pin(self.pool.acquire()).await?),
        };
        Ok(PostgresConnection {
            connection: Some(connection),
            taken_at: Instant::now(),
            spares: self.spares.clone(),
            trust: self.trust.clone(),
            is_waiting: false,
            is_in_transaction: false,
            place: Some(place),
        })
    }

    /// The same, with a transaction begun.
    pub(super) async fn begin(&self) -> Result<PostgresConnection, StoreError> {
        let mut connection = self.acquire().await?;
        connection.tell("BEGIN").await?;
        connection.is_in_transaction = true;
        Ok(connection)
    }

    /// A connection apart from the pool, for what may take as long as it takes: nothing on it is logged for being slow.
    pub(super) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options = PgConnectOptions::clone(&self.options);
        let mut connection = connect(&options.disable_statement_logging()).await?;
        self.identity.check(&mut connection).await?;
        Ok(connection)
    }

    pub(super) async fn close(&self) {
        self.places.close();
        self.spares.close();
        self.pool.close().await;
    }
}

/// Since when connections are believed to work. Shared by all of a pool.
#[derive(Clone, Debug)]
struct Trust(Arc<Mutex<Instant>>);

impl Default for Trust {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Trust {
    /// Every connection made before this moment is to be replaced.
    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether a connection of this age was made since.
    fn covers(&self, age: Duration) -> bool {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        age < since.elapsed()
    }
}

/// A connection that is kept for others when it is dropped, unless it is in the middle of a
/// statement: nobody could say what it would answer next. A transaction that is still open is undone.
pub(super) struct PostgresConnection {
    /// There until it is dropped.
    connection: Option<Taken>,
    taken_at: Instant,
    spares: Spares,
    trust: Trust,
    is_waiting: bool,
    is_in_transaction: bool,
    place: Option<OwnedSemaphorePermit>,
}

impl PostgresConnection {
    /// Whether it was acquired less than `long` ago, and since then nothing was found to be wrong with the server.
    pub(super) fn is_good_for(&self, long: Duration) -> bool {
        let taken = self.taken_at.elapsed();
        taken < long && self.trust.covers(taken)
    }

    /// Whether it has answered anything before this moment.
    pub(super) fn was_answered_before(&self, moment: Instant) -> bool {
        let first = self.connection.as_ref().and_then(Taken::first_answer);
        first.is_some_and(|first| first < moment)
    }

    /// To send a statement on. [`Self::heard`] has to be told what came of it.
    ///
    /// # Errors
    /// Never: a connection is there until it is dropped.
    pub(super) fn ask(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.is_waiting = true;
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed);
        Ok(connection.and_then(Taken::connection)?)
    }

    /// Looks at what a statement came to, before it is passed on.
    pub(super) fn heard<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match &outcome {
            Err(error) if is_lost(error) => self.trust.end(),
            _ => {
                self.is_waiting = false;
                if let Some(connection) = &mut self.connection {
                    connection.note_answer();
                }
            }
        }
        outcome
    }

    async fn tell(&mut self, statement: &'static str) -> Result<(), StoreError> {
        let told = in_time(raw_sql(statement).execute(self.ask()?)).await;
        self.heard(told.map(drop))
    }

    /// Makes last what was done in the transaction.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.tell("COMMIT").await?;
        self.is_in_transaction = false;
        Ok(())
    }
}

impl Drop for PostgresConnection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if self.is_waiting {
            connection.close();
        } else if self.is_in_transaction {
            tokio::spawn(undo(connection, self.spares.clone(), self.place.take()));
        } else {
            self.spares.keep(connection);
        }
    }
}

/// Undoes an open transaction, and keeps the connection if that was done soon.
async fn undo(mut connection: Taken, spares: Spares, _place: Option<OwnedSemaphorePermit>) {
    let undone = async { raw_sql("ROLLBACK").execute(connection.connection()?).await };
    if matches!(timeout(PATIENCE, undone).await, Ok(Ok(_))) {
        spares.keep(connection);
    } else {
        connection.close();
    }
}

/// Whether the connection is of no more use, and its elders probably are not either.
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
    // The server is no longer the primary. A new connection may lead to the one that now is.
    const READ_ONLY: &str = "25006";
    error
        .try_downcast_ref::<PgDatabaseError>()
        .is_some_and(|error| {
            error.code() == READ_ONLY
                || matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
        })
}
