//! Health checks: whether the process is alive, and whether it can serve.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};

use crate::server::{error::chain, state::AppState};

const ALIVE: &str = "/healthz";
const READY: &str = "/readyz";
/// Paths that load balancers request from each machine, by any host name.
pub const PATHS: [&str; 2] = [ALIVE, READY];

/// Whether the server is shutting down.
#[derive(Clone, Default)]
pub struct Health {
    is_draining: Arc<AtomicBool>,
}

impl Health {
    /// From now on `/readyz` responds with 503, so that a load balancer sends no new requests.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }
}

/// `GET /healthz` and `GET /readyz`.
pub fn routes(state: AppState, health: Health) -> Router {
    Router::new()
        .route(ALIVE, get(|| async { "ok\n" }))
        .route(READY, get(ready))
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
