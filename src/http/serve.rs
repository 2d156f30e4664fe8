//! Listening, and leaving in good order.

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

/// Between saying "not ready" and taking no new connections, so that load balancers notice.
const NOTICE: Duration = Duration::from_millis(500);
/// How long requests under way may take to finish.
const DRAIN: Duration = Duration::from_secs(7);
/// How long it may take to write down what is not yet. With the rest, the exit comes within 10 s.
const LAST: Duration = Duration::from_millis(1500);

/// Serves until there is a `signal`, then finishes what is under way. A second signal ends it at once.
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
        // An error means the sender is gone, and with it whoever would have waited.
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
    let leave = async {
        state.usage.flush().await;
        state.failed_logins.flush().await;
        state.store.close().await;
    };
    // The database may stand still, and connections to it be in use.
    if timeout(LAST, leave).await.is_err() {
        tracing::warn!("stopping without having closed the database");
    }
    Ok(())
}
