//! `opentill serve`

use std::{io, net::SocketAddr, thread};

use tokio::net::{TcpListener, TcpSocket};

use super::{error::CommandError, print, stop};
use crate::{
    http::{connections::Slots, serve},
    model::{contact::Contact, error::AppError},
    server::{
        clients, clock::Clock, config::Config, error::Failure, password::Password, state::AppState,
        store::NewClient,
    },
};

/// Connections that may wait to be accepted; the system may allow fewer. Beyond that the peer's system retries, after a second
/// or more.
const BACKLOG: u32 = 4096;

const DEMO_EMAIL: &str = "jane@example.com";
const DEMO_PASSWORD: &str = "correct horse battery staple";

/// Updates the schema, listens, and serves until a signal arrives.
pub async fn serve(config: Config, demo: bool) -> Result<(), CommandError> {
    let config = if demo { config.into_demo()? } else { config };
    let addr = config.site_addr;
    // Raises the limit of open files, so before the database is opened.
    let slots = Slots::new(config.clone().into());
    let state = AppState::start(config, Clock::default()).await?;
    if demo {
        add_demo_client(&state).await?;
    }
    let listener = listen(addr).map_err(|error| {
        CommandError::Refused(format!(
            "LEPTOS_SITE_ADDR: cannot listen on {addr}: {error}"
        ))
    })?;
    let bound = listener
        .local_addr()
        .map_err(|error| CommandError::Io("the listener has no address", error))?;
    for caution in state.store.warnings() {
        tracing::warn!("{caution}");
    }
    let config = Config::clone(&state.config).bound_to(bound);
    if config.is_insecure() {
        tracing::warn!(
            "passwords and tokens cross the network readable: no https:// address is set"
        );
    }
    if config.public_url.is_https() && !config.trusted_proxies.are_there() {
        tracing::warn!(
            "OPENTILL_PUBLIC_URL is an https:// address and OPENTILL_TRUSTED_PROXIES is not set: all limits count the \
             proxy in front as one client"
        );
    }
    // Before the line that says it is ready, so that a signal right after that line drains connections, too.
    let mut signals = stop::listen(stop::TIMEOUT);
    let mut ready = vec![format!(
        "Opentill is ready at {}",
        config.public_url.origin()
    )];
    if demo {
        ready.push(format!("Demo data in {}", config.database_url));
        ready.push(format!(
            "Log in as {DEMO_EMAIL} with the password: {DEMO_PASSWORD}"
        ));
    }
    // On a thread of its own: writing blocks while nobody reads standard output.
    thread::spawn(move || print::line(&ready.join("\n")));
    let signal = async || {
        signals.recv().await;
    };
    serve::serve(listener, slots, state.with_config(config), signal)
        .await
        .map_err(|error| CommandError::Io("the server failed", error))
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
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

/// Adds the demo client, unless an earlier start has done so.
async fn add_demo_client(state: &AppState) -> Result<(), CommandError> {
    let jane = NewClient {
        contact: Contact {
            name: "Jane Smith".to_owned(),
            company: Some("Acme Hosting Ltd".to_owned()),
            phone: None,
            address1: "500 Congress Avenue".to_owned(),
            address2: None,
            city: "Austin".to_owned(),
            state: "TX".to_owned(),
            postcode: "78701".to_owned(),
            country: "US".to_owned(),
        },
        email: DEMO_EMAIL
            .parse()
            .map_err(|e: &str| CommandError::Refused(e.to_owned()))?,
        currency_code: "USD".to_owned(),
        password_hash: None,
    };
    let password = Password::typed(DEMO_PASSWORD.to_owned());
    match clients::add(state, jane, Some(password)).await {
        Ok(_) | Err(Failure::Refused(AppError::Invalid { .. })) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}
