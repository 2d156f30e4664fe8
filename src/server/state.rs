//! What every request shares.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{
    clock::Clock,
    config::Config,
    last_used::LastUsed,
    password::Passwords,
    store::{Store, StoreError},
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
    /// Remembers when tokens were used.
    pub last_used: LastUsed,
    /// Tells the time.
    pub clock: Clock,
    /// What the framework wants to know.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Opens the database, brings its schema up to date and starts recording last use.
    ///
    /// # Errors
    /// The database cannot be opened or its schema is not ours.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let store = Store::open(&config.database_url).await?;
        store.migrate().await?;
        Ok(Self {
            leptos: config.leptos_options(),
            config: Arc::new(config),
            passwords: Passwords::new(),
            last_used: LastUsed::start(store.clone()),
            clock,
            store,
        })
    }
}
