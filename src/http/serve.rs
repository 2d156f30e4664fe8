//! Listening, and leaving in good order.

use std::{io, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{health::Health, router};
use crate::server::state::AppState;

/// Between saying "not ready" and taking no new connections, so that load balancers notice.
const NOTICE: Duration = Duration::from_millis(500);
/// How long requests under way may take to finish. With the rest, the exit comes within 10 s.
const DRAIN: Duration = Duration::from_secs(8);

/// Serves until SIGTERM or SIGINT, then finishes what is under way. A second signal ends it at once.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: TcpListener, state: AppState) -> io::Result<()> {
    let health = Health::default();
    let app = router(state.clone(), health.clone());
    let (drained, is_draining) = oneshot::channel();
    let mut server = tokio::spawn(
        axum::serve(listener, app)
            .with_graceful_shutdown(async {
                // An error means the sender is gone, and with it whoever would have waited.
                let _ = is_draining.await;
            })
            .into_future(),
    );
    tokio::select! {
        ended = &mut server => return ended.map_err(io::Error::other)?,
        () = stop_signal() => {}
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
        () = stop_signal() => tracing::warn!("stopping at once"),
    }
    state.last_used.flush().await;
    state.store.close().await;
    Ok(())
}

/// The next SIGTERM or SIGINT.
async fn stop_signal() {
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened to");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be listened to");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
