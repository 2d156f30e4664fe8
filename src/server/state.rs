//! The state that all requests share.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{
    clock::Clock,
    config::Config,
    expiry::Expiry,
    failed_logins::FailedLogins,
    limits::Limits,
    password::Passwords,
    store::{Store, StoreError},
    usage::Usage,
};
use crate::model::date::Date;

/// A running server. Clones share it, and cost one reference count: every request makes some.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of a running server.
#[derive(Clone)]
pub struct Parts {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// Hashes and verifies passwords, a few at a time.
    pub passwords: Passwords,
    /// The rate limits.
    pub limits: Limits,
    /// Records the use of tokens.
    pub usage: Usage,
    /// Ends tokens at their time.
    pub expiry: Expiry,
    /// Buffers failed logins until they are written.
    pub failed_logins: FailedLogins,
    /// The clock.
    pub clock: Clock,
    /// The options of the framework.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Opens the database, migrates it, and starts recording the use of tokens.
    ///
    /// # Errors
    /// The database cannot be opened, or has a foreign schema.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let store = Store::open_with(&config.database_url, config.connections).await?;
        Self::on(store, config, clock).await
    }

    /// The same with a database that must exist.
    ///
    /// # Errors
    /// The database does not exist, cannot be opened, or has a foreign schema.
    pub async fn on_existing(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let store = Store::open_existing(&config.database_url, config.connections).await?;
        Self::on(store, config, clock).await
    }

    async fn on(store: Store, config: Config, clock: Clock) -> Result<Self, StoreError> {
        store.migrate().await?;
        let store = match config.mail {
            Some(_) => store.with_outbox(),
            None => store,
        };
        Ok(Self(Arc::new(Parts {
            leptos: config.leptos_options(),
            limits: Limits::new(config.limits, &clock),
            usage: Usage::start(store.clone(), clock.clone()),
            expiry: Expiry::start(store.clone(), clock.clone()),
            failed_logins: FailedLogins::new(store.clone()).start(),
            passwords: Passwords::new(),
            config: Arc::new(config),
            clock,
            store,
        })))
    }

    /// Today's date in `OPENTILL_TIME_ZONE`.
    pub fn today(&self) -> Date {
        self.config.time_zone.date_at(self.clock.now())
    }

    /// The same with other settings.
    #[must_use]
    pub fn with_config(&self, config: Config) -> Self {
        Self(Arc::new(Parts {
            config: Arc::new(config),
            ..Parts::clone(&self.0)
        }))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
