//! What every request shares.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{
    clock::Clock,
    config::Config,
    limits::Limits,
    password::Passwords,
    store::{Store, StoreError},
    usage::Usage,
};

/// The parts of a running server. Copies share them.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// Hashes and verifies passwords, a few at a time.
    pub passwords: Passwords,
    /// Says how often something may be tried.
    pub limits: Limits,
    /// Remembers how tokens are used.
    pub usage: Usage,
    /// Tells the time.
    pub clock: Clock,
    /// What the framework wants to know.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Opens the database, brings its schema up to date and starts recording use.
    ///
    /// # Errors
    /// The database cannot be opened or its schema is not ours.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let store = Store::open_with(&config.database_url, config.connections).await?;
        store.migrate().await?;
        Ok(Self {
            leptos: config.leptos_options(),
            limits: Limits::new(config.limits, &clock),
            usage: Usage::start(store.clone(), clock.clone()),
            passwords: Passwords::new(),
            config: Arc::new(config),
            clock,
            store,
        })
    }
}
