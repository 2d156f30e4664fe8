//! The connection pool.

use std::{num::NonZeroU32, sync::Arc};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    connect::{check_session, connect, options, set_session},
    connection::PostgresConnection,
    identity::Identity,
    idle::{IdleConnections, PooledConnection},
    trust::Trust,
};
use crate::server::store::{StoreError, connections::Connections, deadlines};

/// Maximum number of connections, unless `OPENTILL_DATABASE_CONNECTIONS` says otherwise.
const CONNECTIONS: u32 = 10;

/// A connection pool. Copies share its connections.
#[derive(Clone, Debug)]
pub struct PostgresPool {
    pool: PgPool,
    idle: IdleConnections,
    /// One for each connection that may be in use.
    permits: Arc<Semaphore>,
    most: usize,
    limits: Connections,
    /// Without the limits of a session.
    options: Arc<PgConnectOptions>,
    trust: Trust,
    identity: Identity,
}

impl PostgresPool {
    pub async fn open(url: &str, limits: Connections) -> Result<Self, sqlx::Error> {
        let options = options(url, "opentill")?;
        // A single attempt, so that a start that cannot succeed fails at once with the reason. The pool would retry.
        let mut first = connect(&options).await?;
        set_session(&mut first).await?;
        check_session(&mut first).await?;
        let identity = Identity::of(&mut first).await?;
        first.close().await?;
        let trust = Trust::default();
        let (trusted, suspected) = (trust.clone(), trust.clone());
        let expected = identity.clone();
        let most = limits.most.map_or(CONNECTIONS, NonZeroU32::get);
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(limits.wait)
            .test_before_acquire(false)
            .before_acquire(move |connection, meta| {
                let trust = trusted.clone();
                Box::pin(async move {
                    if !trust.covers(meta.age) {
                        return Ok(false);
                    }
                    // A ping costs a round trip.
                    if meta.idle_for < deadlines::FRESH {
                        return Ok(true);
                    }
                    let is_alive = matches!(
                        timeout(deadlines::PING, connection.ping()).await,
                        Ok(Ok(()))
                    );
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
            idle: IdleConnections::start(),
            permits: Arc::new(Semaphore::new(most as usize)),
            most: most as usize,
            limits,
            options: Arc::new(options),
            trust,
            identity,
        })
    }

    /// A connection that is ready for use.
    pub async fn acquire(&self) -> Result<PostgresConnection, StoreError> {
        match timeout(self.limits.wait, self.acquire_soon()).await {
            Ok(Ok(acquired)) => Ok(acquired),
            _ if self.identity.is_other() => Err(StoreError::OtherDatabase),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
        }
    }

    async fn acquire_soon(&self) -> Result<PostgresConnection, sqlx::Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.take();
        let connection = match idle.filter(|idle| self.trust.covers(idle.age())) {
            Some(idle) => idle,
            None => PooledConnection::new(Box::pin(self.pool.acquire()).await?),
        };
        let (idle, trust) = (self.idle.clone(), self.trust.clone());
        Ok(PostgresConnection::new(connection, idle, trust, permit))
    }

    /// Connections that are in use, and how many may be.
    pub fn connections(&self) -> (usize, usize) {
        let free = self.permits.available_permits();
        (self.most.saturating_sub(free), self.most)
    }

    /// A connection outside the pool, for statements without a time limit. Slow statements are not logged.
    pub async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options = PgConnectOptions::clone(&self.options);
        let mut connection = connect(&options.disable_statement_logging()).await?;
        self.identity.check(&mut connection).await?;
        Ok(connection)
    }

    pub async fn close(&self) {
        self.permits.close();
        self.idle.close();
        self.pool.close().await;
    }
}
