//! Checks that the URL of PostgreSQL still leads to the database that was opened.
//!
//! A host name, a proxy or a pooler may lead to another database while the program runs: to a clone, to a staging server, to
//! a database of the same name that was created anew. Changes made there would be missing in the database that all other
//! nodes use, and a token revoked here could be valid there.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::{PgConnection, error::DatabaseError};

/// The system identifier of the server, which its standbys share, and the OID of the database.
const SERVER_AND_DATABASE: &str = "SELECT system_identifier || ' ' || oid \
     FROM pg_control_system(), pg_database WHERE datname = current_database()";
/// For a role that may not read the system identifier.
const DATABASE: &str =
    "SELECT CAST(oid AS TEXT) FROM pg_database WHERE datname = current_database()";

/// The database that was opened. Copies share the outcome of the checks.
#[derive(Clone, Debug)]
pub struct Identity {
    opened: Arc<str>,
    /// Whether the connection that was opened last leads to another database.
    is_other: Arc<AtomicBool>,
}

impl Identity {
    /// The database of this connection.
    pub async fn of(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        Ok(Self {
            opened: read(connection).await?.into(),
            is_other: Arc::default(),
        })
    }

    /// Compares the database of a new connection with the one that was opened. The first that differs is logged.
    ///
    /// # Errors
    /// It is another database, or cannot be identified.
    pub async fn check(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let is_other = read(connection).await? != *self.opened;
        let was_other = self.is_other.swap(is_other, Ordering::SeqCst);
        if is_other && !was_other {
            tracing::error!(
                "DATABASE_URL now leads to another database than at the start; \
                 until it leads back, or Opentill is started again, nothing is read or written"
            );
        }
        if is_other {
            return Err(sqlx::Error::Configuration("another database".into()));
        }
        Ok(())
    }

    /// Whether the last check found another database.
    pub fn is_other(&self) -> bool {
        self.is_other.load(Ordering::SeqCst)
    }
}

async fn read(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    let both = sqlx::query_scalar(SERVER_AND_DATABASE);
    match both.fetch_one(&mut *connection).await {
        Err(sqlx::Error::Database(error)) if is_forbidden(error.as_ref()) => {
            sqlx::query_scalar(DATABASE).fetch_one(connection).await
        }
        identity => identity,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>: `insufficient_privilege`.
fn is_forbidden(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| code == "42501")
}
