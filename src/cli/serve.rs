//! `opentill serve`

use std::{io, net::SocketAddr, thread};

use tokio::net::{TcpListener, TcpSocket};

use super::{demo, error::CommandError, print, stop};
use crate::{
    http::{connections::Slots, metrics, serve},
    server::{
        clock::Clock,
        config::{Config, DEMO_MAIL},
        mail,
        state::AppState,
    },
};

/// Connections that may wait to be accepted; the system may allow fewer. Beyond that the peer's system retries, after a second
/// or more.
const BACKLOG: u32 = 4096;

/// Updates the schema, listens, and serves until a signal arrives.
pub async fn serve(config: Config, is_demo: bool) -> Result<(), CommandError> {
    let mut config = if is_demo { config.into_demo()? } else { config };
    config.brand.read_files()?;
    let addr = config.site_addr;
    // Raises the limit of open files, so before the database is opened.
    let slots = Slots::new(config.clone().into());
    let state = AppState::start(config, Clock::default()).await?;
    if is_demo {
        demo::add(&state).await?;
    }
    let listener = listen("LEPTOS_SITE_ADDR", addr)?;
    let bound = listener
        .local_addr()
        .map_err(|error| CommandError::Io("the listener has no address", error))?;
    if let Some(addr) = state.config.metrics_addr {
        let listener = listen("OPENTILL_METRICS_ADDR", addr)?;
        let bound = listener.local_addr().unwrap_or(addr);
        tracing::info!("metrics at http://{bound}/metrics");
        metrics::start(listener, &state);
    }
    for caution in state.store.warnings() {
        tracing::warn!("{caution}");
    }
    let config = Config::clone(&state.config).bound_to(bound);
    for caution in config.cautions() {
        tracing::warn!("{caution}");
    }
    // Before the line that says it is ready, so that a signal right after that line drains connections, too.
    let mut signals = stop::listen(stop::TIMEOUT);
    let mut ready = vec![format!(
        "Opentill is ready at {}",
        config.public_url.origin()
    )];
    if is_demo {
        ready.push(format!("Demo data in {}", config.database_url));
        ready.push(format!(
            "Log in as {} with the password: {}",
            demo::EMAIL,
            demo::PASSWORD
        ));
        ready.push(format!("Mails are written to {DEMO_MAIL}"));
    }
    // On a thread of its own: writing blocks while nobody reads standard output.
    thread::spawn(move || print::line(&ready.join("\n")));
    let signal = async || {
        signals.recv().await;
    };
    let state = state.with_config(config);
    mail::start(&state);
    serve::serve(listener, slots, state, signal)
        .await
        .map_err(|error| CommandError::Io("the server failed", error))
}

/// Listens on the address of a setting.
fn listen(setting: &str, addr: SocketAddr) -> Result<TcpListener, CommandError> {
    open(addr).map_err(|error| {
        CommandError::Refused(format!("{setting}: cannot listen on {addr}: {error}"))
    })
}

fn open(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Otherwise a restart fails while connections of the previous process are in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}
