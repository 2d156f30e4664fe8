//! Whether the process lives, and whether it can serve.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};

use crate::server::{error::chain, state::AppState};

const LIVES: &str = "/healthz";
const SERVES: &str = "/readyz";
/// What is asked of each machine, by whatever name it has.
pub const PATHS: [&str; 2] = [LIVES, SERVES];

/// Whether the server is on its way out.
#[derive(Clone, Default)]
pub struct Health {
    is_draining: Arc<AtomicBool>,
}

impl Health {
    /// From now on `/readyz` says no, so that a load balancer sends nothing new.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }
}

/// `GET /healthz` and `GET /readyz`.
pub fn routes(state: AppState, health: Health) -> Router {
    Router::new()
        .route(LIVES, get(|| async { "ok\n" }))
        .route(SERVES, get(ready))
        .with_state((state, health))
}

async fn ready(State((state, health)): State<(AppState, Health)>) -> (StatusCode, &'static str) {
    if health.is_draining.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            if !error.is_moved() {
                tracing::warn!(cause = %chain(&error), "not ready");
            }
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n")
        }
    }
}
