//! Opens connections to PostgreSQL, directly or through a pooler.

use std::{io, sync::LazyLock, time::Duration};

use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::time::timeout;

use crate::server::{postgres_url, store::deadlines};

/// Parameters of each session, by which the server enforces limits that this process may no longer be able to.
///
/// - A statement ends before the process stops waiting for it, and a wait for a lock before that.
/// - A node that is lost in the middle of a transaction does not keep its locks.
/// - A node that is lost altogether does not keep its connections.
/// - A statement is planned once. PostgreSQL otherwise plans anew for each value where that promises a better plan, which
///   takes longer than to run the statement, and here the plan is the same for all values.
fn session() -> [(&'static str, String); 7] {
    let seconds = |limit: Duration| format!("{}s", limit.as_secs());
    let idle_in_transaction = seconds(deadlines::IDLE_IN_TRANSACTION);
    [
        ("statement_timeout", seconds(deadlines::STATEMENT)),
        ("lock_timeout", seconds(deadlines::LOCK)),
        ("idle_in_transaction_session_timeout", idle_in_transaction),
        ("tcp_keepalives_idle", "60".to_owned()),
        ("tcp_keepalives_interval", "10".to_owned()),
        ("tcp_keepalives_count", "3".to_owned()),
        ("plan_cache_mode", "force_generic_plan".to_owned()),
    ]
}

/// Sets them by a statement: poolers refuse parameters at the start of a connection, or ignore them.
static SET_SESSION: LazyLock<String> = LazyLock::new(|| {
    let set = session().map(|(name, value)| format!("SET {name} = '{value}';"));
    format!("{QUIET};{}", set.concat())
});
/// The first one that is not in force. A socket on the server's own machine has no keepalives.
static NOT_IN_FORCE: LazyLock<String> = LazyLock::new(|| {
    let asked = session().map(|(name, value)| format!("('{name}', '{value}')"));
    format!(
        "SELECT name FROM (VALUES {}) AS asked (name, value) WHERE current_setting(name) <> value \
         AND NOT (name LIKE 'tcp%' AND inet_server_addr() IS NULL)",
        asked.join(", ")
    )
});
/// Suppresses notices, such as the one that the table of migrations exists already.
const QUIET: &str = "SET client_min_messages = warning";

/// The driver's options for the server at `url`.
pub fn options(url: &str, name: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let url = postgres_url::for_driver(url);
    let url = url.map_err(|reason| sqlx::Error::Configuration(reason.into()))?;
    // No column holds fractions, and poolers refuse the parameter that says how to write them.
    let mut options = PgConnectOptions::from_url(&url)?.extra_float_digits(None);
    if !url.query_pairs().any(|(name, _)| name == "sslrootcert") {
        // Only the system's certificates, even if `PGSSLROOTCERT` names others: the driver would add them.
        options = options.ssl_root_cert_from_pem(Vec::new());
    }
    Ok(match options.get_application_name() {
        Some(_) => options,
        None => options.application_name(name),
    })
}

/// Opens a connection within [`deadlines::HANDSHAKE`].
pub async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let connected = async {
        let mut connection = PgConnection::connect_with(options).await?;
        raw_sql(QUIET).execute(&mut connection).await?;
        Ok(connection)
    };
    match timeout(deadlines::HANDSHAKE, connected).await {
        Ok(connection) => connection,
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    }
}

/// Sets the parameters of [`session`].
pub async fn set_session(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    raw_sql(SET_SESSION.as_str()).execute(connection).await?;
    Ok(())
}

/// Checks that they are still in force at the next statement: otherwise the server would go on with statements that the
/// process no longer waits for.
pub async fn check_session(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
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
