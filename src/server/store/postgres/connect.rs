//! How a connection to PostgreSQL begins, directly or through a pooler.

use std::{io, sync::LazyLock};

use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::time::timeout;

use crate::server::{postgres_url, store::db::PATIENCE};

/// What the server is asked to see to by itself, for the case that we no longer can.
///
/// - A statement ends before we stop waiting for it, and a wait for a lock before that.
/// - A node that is gone in the middle of a transaction does not keep its locks.
/// - A node that is gone altogether does not keep its connections.
/// - A statement is planned once. Planned again for each value, as it is where that promises a better plan, it would take
///   PostgreSQL longer to plan it than to run it, and here the plan is the same for all of them.
const SESSION: [(&str, &str); 7] = [
    ("statement_timeout", "3s"),
    ("lock_timeout", "2s"),
    ("idle_in_transaction_session_timeout", "4s"),
    ("tcp_keepalives_idle", "60"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("plan_cache_mode", "force_generic_plan"),
];
/// Asks for it. Not as parameters of the connection's start: poolers refuse those, or take them and pass them on to nobody.
static SET_SESSION: LazyLock<String> = LazyLock::new(|| {
    let set = SESSION.map(|(name, value)| format!("SET {name} = '{value}';"));
    format!("{QUIET};{}", set.concat())
});
/// The first of it that is not in force. A socket of the server's own machine has no keepalives to set.
static NOT_IN_FORCE: LazyLock<String> = LazyLock::new(|| {
    let asked = SESSION.map(|(name, value)| format!("('{name}', '{value}')"));
    format!(
        "SELECT name FROM (VALUES {}) AS asked (name, value) WHERE current_setting(name) <> value \
         AND NOT (name LIKE 'tcp%' AND inet_server_addr() IS NULL)",
        asked.join(", ")
    )
});
/// Without what PostgreSQL remarks, as that the table of migrations is there already.
const QUIET: &str = "SET client_min_messages = warning";

/// What the driver is told about the server at `url`.
pub(in crate::server::store) fn options(
    url: &str,
    name: &str,
) -> Result<PgConnectOptions, sqlx::Error> {
    let url = postgres_url::for_driver(url);
    let url = url.map_err(|reason| sqlx::Error::Configuration(reason.into()))?;
    // No column is a number with a fraction, and poolers refuse a start that says how to write one.
    let mut options = PgConnectOptions::from_url(&url)?.extra_float_digits(None);
    if !url.query_pairs().any(|(name, _)| name == "sslrootcert") {
        // Beside the system's certificates none, also where `PGSSLROOTCERT` names some: the driver would add them.
        options = options.ssl_root_cert_from_pem(Vec::new());
    }
    Ok(match options.get_application_name() {
        Some(_) => options,
        None => options.application_name(name),
    })
}

/// A connection to a server, if it answers before patience runs out.
pub(in crate::server::store) async fn connect(
    options: &PgConnectOptions,
) -> Result<PgConnection, sqlx::Error> {
    let connected = async {
        let mut connection = PgConnection::connect_with(options).await?;
        raw_sql(QUIET).execute(&mut connection).await?;
        Ok(connection)
    };
    match timeout(PATIENCE, connected).await {
        Ok(connection) => connection,
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    }
}

/// Asks for all of [`SESSION`].
pub(super) async fn set_session(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    raw_sql(SET_SESSION.as_str()).execute(connection).await?;
    Ok(())
}

/// Whether what was asked for is in force, also for the next statement: without the limits we would stop waiting, and the
/// server would not.
pub(super) async fn check_session(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let missing = raw_sql(NOT_IN_FORCE.as_str())
        .fetch_optional(connection)
        .await?;
    let Some(missing) = missing else {
        return Ok(());
    };
    let name: String = missing.try_get(0)?;
    let reason = format!(
        "{name} does not stay as it is set; a pooler has to keep one connection to the server for each of ours (session mode)"
    );
    Err(sqlx::Error::Configuration(reason.into()))
}
