//! Sessions in the database.

use sqlx::FromRow;

use super::{Store, StoreError, clients::ClientRow};
use crate::{
    domain::{
        client::{Client, ClientId},
        session::{SessionId, SessionSummary},
        timestamp::Timestamp,
    },
    server::token_secret::SecretHash,
};

#[derive(FromRow)]
struct SessionRow {
    id: i64,
    user_agent: String,
    created_at: i64,
    last_seen_at: i64,
}

impl From<SessionRow> for SessionSummary {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId(row.id),
            user_agent: row.user_agent,
            created_at: Timestamp::from_unix(row.created_at),
            last_seen_at: Timestamp::from_unix(row.last_seen_at),
        }
    }
}

#[derive(FromRow)]
struct SessionAndClientRow {
    session_id: i64,
    last_seen_at: i64,
    #[sqlx(flatten)]
    client: ClientRow,
}

/// From when on a session counts: older ones are over.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Created after this.
    pub created_after: Timestamp,
    /// Seen after this.
    pub seen_after: Timestamp,
}

impl Store {
    /// Adds a session, in the place of the one that the same browser had, if any.
    pub async fn add_session(
        &self,
        client: ClientId,
        hash: SecretHash,
        replaces: Option<SecretHash>,
        user_agent: &str,
        now: Timestamp,
    ) -> Result<SessionId, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(old) = replaces {
            sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
                .bind(old.0.as_slice())
                .execute(&mut *tx)
                .await?;
        }
        let id = sqlx::query_scalar(
            "INSERT INTO sessions (id_hash, client_id, user_agent, created_at, last_seen_at) \
             VALUES ($1, $2, $3, $4, $4) RETURNING id",
        )
        .bind(hash.0.as_slice())
        .bind(client.0)
        .bind(user_agent)
        .bind(now.unix())
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(SessionId(id))
    }

    /// The session whose cookie has this hash, its client, and when it was last seen.
    pub async fn session_by_hash(
        &self,
        hash: SecretHash,
        limits: SessionLimits,
    ) -> Result<Option<(SessionId, Timestamp, Client)>, StoreError> {
        let row: Option<SessionAndClientRow> = sqlx::query_as(
            "SELECT s.id AS session_id, s.last_seen_at, c.* \
             FROM sessions s JOIN clients c ON c.id = s.client_id \
             WHERE s.id_hash = $1 AND s.created_at > $2 AND s.last_seen_at > $3 AND c.status <> 'closed'",
        )
        .bind(hash.0.as_slice())
        .bind(limits.created_after.unix())
        .bind(limits.seen_after.unix())
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            let seen = Timestamp::from_unix(row.last_seen_at);
            Ok((SessionId(row.session_id), seen, row.client.into_client()?))
        })
        .transpose()
    }

    /// Notes that a session is in use. Never goes back in time.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1")
            .bind(now.unix())
            .bind(id.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// A client's sessions, last seen first.
    pub async fn sessions_of(
        &self,
        owner: ClientId,
        limits: SessionLimits,
    ) -> Result<Vec<SessionSummary>, StoreError> {
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT id, user_agent, created_at, last_seen_at FROM sessions \
             WHERE client_id = $1 AND created_at > $2 AND last_seen_at > $3 \
             ORDER BY last_seen_at DESC, id DESC",
        )
        .bind(owner.0)
        .bind(limits.created_after.unix())
        .bind(limits.seen_after.unix())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Ends one session of its owner; `false` if there is no such session.
    pub async fn end_session(&self, owner: ClientId, id: SessionId) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM sessions WHERE id = $1 AND client_id = $2")
            .bind(id.0)
            .bind(owner.0)
            .execute(&self.writer)
            .await?;
        Ok(ended.rows_affected() == 1)
    }

    /// Ends all of a client's sessions but one.
    pub async fn end_other_sessions(
        &self,
        owner: ClientId,
        kept: SessionId,
    ) -> Result<u64, StoreError> {
        let ended = sqlx::query("DELETE FROM sessions WHERE client_id = $1 AND id <> $2")
            .bind(owner.0)
            .bind(kept.0)
            .execute(&self.writer)
            .await?;
        Ok(ended.rows_affected())
    }

    /// Deletes the sessions that are over, of everybody.
    pub async fn delete_ended_sessions(&self, limits: SessionLimits) -> Result<u64, StoreError> {
        let deleted =
            sqlx::query("DELETE FROM sessions WHERE created_at <= $1 OR last_seen_at <= $2")
                .bind(limits.created_after.unix())
                .bind(limits.seen_after.unix())
                .execute(&self.writer)
                .await?;
        Ok(deleted.rows_affected())
    }
}
