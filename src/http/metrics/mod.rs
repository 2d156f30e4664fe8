//! What this process has counted, as Prometheus reads it, on a listener of its own.
//!
//! The listener is for whoever watches the servers: it asks for no password, and shows numbers, routes and words of the
//! program, and nothing of any client. A scrape reads memory alone. What only the database knows is read once a minute.

mod text;

use std::{
    future::pending,
    sync::{Arc, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::prometheus_text::{CONTENT_TYPE, encode},
    registry::Registry,
};
use tokio::{net::TcpListener, time::interval};

use self::text::{LastCounted, Numbers};
use super::connections::{self, Slots};
use crate::server::{error::chain, state::AppState};

/// Between two readings of the database.
const COUNT_INTERVAL: Duration = Duration::from_mins(1);

/// Serves `/metrics` for as long as the process runs.
pub fn start(listener: TcpListener, state: &AppState) {
    let counted = LastCounted::default();
    tokio::spawn(count(state.clone(), Arc::clone(&counted)));
    let mut registry = Registry::with_prefix("opentill");
    registry.register_collector(Box::new(Numbers::new(state.clone(), counted)));
    let router = Router::new()
        .route("/metrics", get(show))
        .with_state(Arc::new(registry));
    let slots = Slots::for_metrics(Arc::clone(&state.config));
    tokio::spawn(connections::serve(listener, router, slots, pending()));
}

async fn show(State(registry): State<Arc<Registry>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Reads what only the database knows, again and again. If that fails the numbers get older, which is said with them.
async fn count(state: AppState, last: LastCounted) {
    let mut ticks = interval(COUNT_INTERVAL);
    loop {
        ticks.tick().await;
        let now = state.clock.now();
        match state.store.counted(state.config.session_limits(now)).await {
            Ok(counted) => {
                *last.write().unwrap_or_else(PoisonError::into_inner) = Some((now, counted));
            }
            Err(error) => {
                tracing::warn!(cause = %chain(&error), "sessions and tokens could not be counted");
            }
        }
    }
}
