//! Re-applies the revocations, closures and password changes made since the backup to the restored database.
//!
//! Here `main` is the restored database, with the current schema, and `old` the database in place, with whatever schema it
//! has. So only those columns of `old` are used that every schema has.

use std::path::Path;

use sqlx::{Row, SqliteConnection};

use super::file::{self, FileError};
use crate::model::{
    activity::{Event, Who},
    timestamp::Timestamp,
};

/// Which tokens of the backup to revoke, besides those known to have been revoked since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoke {
    /// All of them.
    All,
    /// Those created before this time.
    CreatedBefore(Timestamp),
    /// None.
    None,
}

/// Changes since the backup that the database in place held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarriedOver {
    /// Tokens revoked since the backup.
    pub revoked: u64,
    /// Clients closed or suspended since the backup.
    pub statuses: u64,
    /// Passwords set since the backup.
    pub passwords: u64,
    /// Active tokens created since the backup, or given another secret. They are lost.
    pub unknown_tokens: i64,
    /// Clients added since the backup. They are lost.
    pub unknown_clients: i64,
}

/// Attaches the database in place as `old`; `false` if it is not a later state of the backup in `main`.
///
/// Rows are never deleted, the columns that identify one never change, and a revocation is never undone. So a database
/// without any of these is not a later state.
pub async fn attach(backup: &mut SqliteConnection, database: &Path) -> Result<bool, FileError> {
    let failed = |error| file::failed(database, error);
    sqlx::query("ATTACH $1 AS old")
        // It was opened a moment ago, so it is Unicode; and it is absolute, so it is not taken for a URI.
        .bind(database.to_string_lossy())
        .execute(&mut *backup)
        .await
        .map_err(failed)?;
    let has_rows: bool = sqlx::query_scalar(
        "SELECT NOT EXISTS ( \
             SELECT 1 FROM main.clients c WHERE NOT EXISTS ( \
                 SELECT 1 FROM old.clients o \
                 WHERE o.id = c.id AND o.email_key = c.email_key AND o.created_at = c.created_at)) \
         AND NOT EXISTS ( \
             SELECT 1 FROM main.tokens t WHERE NOT EXISTS ( \
                 SELECT 1 FROM old.tokens o \
                 WHERE o.id = t.id AND o.client_id = t.client_id AND o.created_at = t.created_at \
                 AND (t.revoked_at IS NULL OR o.revoked_at IS NOT NULL)))",
    )
    .fetch_one(&mut *backup)
    .await
    .map_err(failed)?;
    if !has_rows || !has_trail(backup).await.map_err(failed)? {
        return Ok(has_rows);
    }
    sqlx::query_scalar(
        "SELECT NOT EXISTS ( \
             SELECT 1 FROM main.activity a WHERE NOT EXISTS ( \
                 SELECT 1 FROM old.activity o WHERE o.id = a.id AND o.client_id = a.client_id \
                 AND o.at = a.at AND o.event = a.event))",
    )
    .fetch_one(backup)
    .await
    .map_err(failed)
}

/// Whether the database in place has an audit trail.
async fn has_trail(backup: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM old.sqlite_schema WHERE name = 'activity')")
        .fetch_one(backup)
        .await
}

/// Re-applies to `main` what was revoked, closed or changed in `old`.
pub async fn carry_over(
    restored: &mut SqliteConnection,
    now: Timestamp,
) -> Result<CarriedOver, sqlx::Error> {
    // A token stays active only if its secret does: a replaced secret counts as revoked.
    let revoked = sqlx::query(
        "UPDATE main.tokens SET revoked_at = \
             coalesce((SELECT o.revoked_at FROM old.tokens o WHERE o.id = tokens.id), $1) \
         WHERE revoked_at IS NULL AND NOT EXISTS ( \
             SELECT 1 FROM old.tokens o WHERE o.hash = tokens.hash AND o.revoked_at IS NULL)",
    )
    .bind(now.unix())
    .execute(&mut *restored)
    .await?;
    // Never to a status that allows more.
    let statuses = sqlx::query(
        "UPDATE main.clients SET status = o.status FROM old.clients o \
         WHERE o.id = clients.id AND (o.status = 'closed' AND clients.status <> 'closed' \
             OR o.status = 'suspended' AND clients.status = 'active')",
    )
    .execute(&mut *restored)
    .await?;
    let passwords = sqlx::query(
        "UPDATE main.clients SET password_hash = o.password_hash FROM old.clients o \
         WHERE o.id = clients.id AND o.password_hash IS NOT clients.password_hash",
    )
    .execute(&mut *restored)
    .await?;
    // Entries of the audit trail, as far as they refer to rows that exist.
    if has_trail(restored).await? {
        sqlx::query(
            "INSERT INTO main.activity (id, client_id, at, event, who, token_id, token_name, \
             token_last_four, token_scopes, token_expires_at, address, user_agent, request_id) \
             SELECT id, client_id, at, event, who, token_id, token_name, token_last_four, \
             (SELECT scopes FROM main.tokens t WHERE t.id = o.token_id), \
             (SELECT expires_at FROM main.tokens t WHERE t.id = o.token_id), \
             address, user_agent, request_id FROM old.activity o \
             WHERE o.id > (SELECT coalesce(max(id), 0) FROM main.activity) \
             AND o.client_id IN (SELECT id FROM main.clients) \
             AND (o.token_id IS NULL OR o.token_id IN (SELECT id FROM main.tokens))",
        )
        .execute(&mut *restored)
        .await?;
    }
    // The next ids continue from `old`: no new client or token gets an id that was another's.
    sqlx::query(
        "UPDATE main.sqlite_sequence SET seq = max(sqlite_sequence.seq, o.seq) FROM old.sqlite_sequence o \
         WHERE o.name = sqlite_sequence.name",
    )
    .execute(&mut *restored)
    .await?;
    sqlx::query(
        "INSERT INTO main.sqlite_sequence (name, seq) SELECT o.name, o.seq FROM old.sqlite_sequence o \
         WHERE o.name NOT IN (SELECT name FROM main.sqlite_sequence) \
         AND o.name IN (SELECT name FROM main.sqlite_schema)",
    )
    .execute(&mut *restored)
    .await?;
    let unknown = sqlx::query(
        "SELECT (SELECT count(*) FROM old.tokens o WHERE o.revoked_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM main.tokens t WHERE t.hash = o.hash)), \
         (SELECT count(*) FROM old.clients o \
             WHERE NOT EXISTS (SELECT 1 FROM main.clients c WHERE c.id = o.id))",
    )
    .fetch_one(restored)
    .await?;
    Ok(CarriedOver {
        revoked: revoked.rows_affected(),
        statuses: statuses.rows_affected(),
        passwords: passwords.rows_affected(),
        unknown_tokens: unknown.try_get(0)?,
        unknown_clients: unknown.try_get(1)?,
    })
}

/// Revokes the requested tokens, with an entry in the audit trail for each, and ends all sessions and links, which may have
/// ended since the backup. Mails of the backup are not sent again.
pub async fn revoke(
    restored: &mut SqliteConnection,
    revoke: Revoke,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    for ended in [
        "DELETE FROM main.sessions",
        "DELETE FROM main.links",
        "DELETE FROM main.mails",
    ] {
        sqlx::query(ended).execute(&mut *restored).await?;
    }
    let created_before = match revoke {
        Revoke::All => Some(i64::MAX),
        Revoke::CreatedBefore(moment) => Some(moment.unix()),
        Revoke::None => None,
    };
    // No time is before NULL.
    sqlx::query(
        "INSERT INTO main.activity \
         (client_id, at, event, who, token_id, token_name, token_last_four, token_scopes, token_expires_at, user_agent) \
         SELECT client_id, $1, $2, $3, id, name, last_four, scopes, expires_at, '' \
         FROM main.tokens WHERE revoked_at IS NULL AND created_at < $4",
    )
    .bind(now.unix())
    .bind(Event::TokenRevoked.as_str())
    .bind(Who::Operator.as_str())
    .bind(created_before)
    .execute(&mut *restored)
    .await?;
    let revoked = sqlx::query(
        "UPDATE main.tokens SET revoked_at = $1 WHERE revoked_at IS NULL AND created_at < $2",
    )
    .bind(now.unix())
    .bind(created_before)
    .execute(restored)
    .await?;
    Ok(revoked.rows_affected())
}
