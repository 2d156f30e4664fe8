//! Listening, and leaving in good order.

use std::{io, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{app, connections, health::Health};
use crate::server::state::AppState;

/// Between saying "not ready" and taking no new connections, so that load balancers notice.
const NOTICE: Duration = Duration::from_millis(500);
/// How long requests under way may take to finish. With the rest, the exit comes within 10 s.
const DRAIN: Duration = Duration::from_secs(7);

/// Serves until SIGTERM or SIGINT, then finishes what is under way. A second signal ends it at once.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    mut signals: StopSignals,
) -> io::Result<()> {
    let health = Health::default();
    let app = app(state.clone(), health.clone());
    let (drained, is_draining) = oneshot::channel();
    let mut server = tokio::spawn(connections::serve(listener, app, async {
        // An error means the sender is gone, and with it whoever would have waited.
        let _ = is_draining.await;
    }));
    tokio::select! {
        ended = &mut server => return ended.map_err(io::Error::other),
        () = signals.next() => {}
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
        () = signals.next() => tracing::warn!("stopping at once"),
    }
    state.usage.flush().await;
    state.failed_logins.flush().await;
    state.store.close().await;
    Ok(())
}

/// SIGTERM and SIGINT, kept from the moment this is made.
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// From now on neither signal ends the process by itself.
    ///
    /// # Errors
    /// The system does not let us listen to signals.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The next of them.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
