//! All time limits of the store, and the order in which they have to run out.
//!
//! A request waits for a connection, a statement for a lock, and the process for the answer to a statement. Each of these
//! ends with a 503. PostgreSQL gives up first, so that no statement is carried out after its request was answered.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

use super::StoreError;

/// How long a request waits for a connection, unless `OPENTILL_DATABASE_WAIT_SECONDS` says otherwise.
pub const CONNECTION: Duration = Duration::from_secs(2);
/// How long a statement waits for a lock.
pub const LOCK: Duration = Duration::from_secs(2);
/// After this PostgreSQL cancels a statement.
pub const STATEMENT: Duration = Duration::from_secs(3);
/// How long the process waits for PostgreSQL's answer to a statement.
pub const ANSWER: Duration = Duration::from_secs(4);
/// After this PostgreSQL ends the session of a node that was lost in the middle of a transaction.
pub const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(4);
/// How long PostgreSQL may take to accept a new connection, to roll back, and to answer a pool that takes one back.
pub const HANDSHAKE: Duration = Duration::from_secs(2);

const _: () = assert!(is_before(LOCK, STATEMENT));
const _: () = assert!(is_before(STATEMENT, ANSWER));
const _: () = assert!(!is_before(IDLE_IN_TRANSACTION, ANSWER));
const _: () = assert!(!is_before(ANSWER, HANDSHAKE));

/// How long an idle connection to PostgreSQL may take to answer a ping. Then a new one is opened.
pub const PING: Duration = Duration::from_millis(500);
/// How long an idle connection to PostgreSQL is used again without a ping.
pub const FRESH: Duration = Duration::from_secs(1);
/// How long a connection stays out of sqlx's pool, which replaces old ones.
pub const OUT_OF_POOL: Duration = Duration::from_mins(1);
/// How long a lane of batches keeps its connection while requests keep coming.
pub const LANE: Duration = Duration::from_millis(100);

const _: () = assert!(is_before(PING, CONNECTION));
const _: () = assert!(is_before(LANE, FRESH));
const _: () = assert!(is_before(FRESH, OUT_OF_POOL));

/// How long a process that starts waits for others to bring the schema of a SQLite file up to date.
pub const MIGRATION: Duration = Duration::from_mins(1);
/// How long an import waits for the writer's lock of a SQLite file.
pub const IMPORT: Duration = Duration::from_secs(30);
/// Pause between two attempts where SQLite does not wait by itself.
pub const RETRY: Duration = Duration::from_millis(50);
/// A turn of a SQLite reader that has lasted this long takes no further question.
pub const TURN: Duration = Duration::from_millis(1);
/// A turn that is seen under way twice, this far apart, is taken to be blocked.
pub const BLOCKED: Duration = Duration::from_millis(250);
/// How often the names of the SQLite files are checked even though their folder has not changed: a mount over a file does
/// not change its folder.
pub const FILE_CHECK: Duration = Duration::from_secs(1);
/// The coarsest time stamps of any file system: two changes of a folder that are further apart have different ones.
pub const FILE_TIME: Duration = Duration::from_secs(2);

const _: () = assert!(is_before(TURN, BLOCKED));
const _: () = assert!(is_before(BLOCKED, LOCK));
const _: () = assert!(is_before(RETRY, MIGRATION));

const fn is_before(one: Duration, other: Duration) -> bool {
    one.as_millis() < other.as_millis()
}

/// The outcome of a statement of PostgreSQL, or [`StoreError::Silent`] after [`ANSWER`].
pub async fn answered<T>(
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    within(ANSWER, statement).await
}

/// The same with another limit. No change of a file may be cut off like this, because it would not be known whether it was done.
pub async fn within<T>(
    limit: Duration,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match timeout(limit, statement).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(StoreError::Silent),
    }
}

/// How long a request waits for SQLite altogether: for the connection, and then for a lock.
pub fn of_file(connection: Duration) -> Duration {
    connection.max(LOCK)
}

/// How long a request waits for a batch of lookups: for the connection, and then for the answer.
pub fn of_batch(connection: Duration) -> Duration {
    connection + ANSWER
}
