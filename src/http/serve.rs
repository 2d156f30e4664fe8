//! Serving until a signal, and a graceful shutdown.

use std::{io, time::Duration};

use tokio::{
    net::TcpListener,
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{
    app,
    connections::{self, Slots},
    health::Health,
};
use crate::server::state::AppState;

/// Between "not ready" and accepting no more connections, so that load balancers notice.
const NOTICE: Duration = Duration::from_millis(500);
/// How long pending requests may take to finish.
const DRAIN: Duration = Duration::from_secs(7);
/// How long the last writes may take. With the rest, the process exits within 10 s.
const FLUSH: Duration = Duration::from_millis(1500);

/// Serves until there is a `signal`, then finishes pending requests. A second signal stops at once.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    slots: Slots,
    state: AppState,
    mut signal: impl AsyncFnMut(),
) -> io::Result<()> {
    let health = Health::default();
    let app = app(state.clone(), health.clone());
    let (drained, is_draining) = oneshot::channel();
    let mut server = tokio::spawn(connections::serve(listener, app, slots, async {
        // An error: the sender is dropped, and `server` with it.
        let _ = is_draining.await;
    }));
    tokio::select! {
        ended = &mut server => return ended.map_err(io::Error::other),
        () = signal() => {}
    }
    tracing::info!("stopping: finishing what is under way");
    health.drain();
    let finish = async {
        sleep(NOTICE).await;
        let _ = drained.send(());
        if timeout(DRAIN, &mut server).await.is_err() {
            tracing::warn!("stopping with requests still under way");
        }
    };
    tokio::select! {
        () = finish => {}
        () = signal() => tracing::warn!("stopping at once"),
    }
    let flush = async {
        state.usage.flush().await;
        state.failed_logins.flush().await;
        state.store.close().await;
    };
    // The database may hang, and connections to it may be in use.
    if timeout(FLUSH, flush).await.is_err() {
        tracing::warn!("stopping without having closed the database");
    }
    Ok(())
}
