//! Sessions in the database.

use super::{
    NewActivity, Store, StoreError,
    clients::{ClientRow, client_columns},
    db::{Db, Tx, in_tx, on_writer, only_on_primary, rows_affected},
    lookups::{FoundByRow, find_in_file, for_all},
    row::row,
};
use crate::{
    model::{
        client::{Client, ClientId},
        session::{SessionId, SessionSummary},
        timestamp::Timestamp,
    },
    server::{actor::Actor, token_secret::SecretHash},
};

/// Sessions that a client may have. Beyond that the one that was seen longest ago ends when another begins.
pub const MAX_SESSIONS: i64 = 48;

row! {
    record pub(super) struct SessionRow {
        id: i64,
        user_agent: String,
        created_at: i64,
        last_seen_at: i64,
    }
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

/// Reads the session with this hash.
macro_rules! session {
    ($hash:literal) => {
        concat!(
            "SELECT s.id AS session_id, s.created_at AS session_created_at, s.last_seen_at, ",
            client_columns!(),
            " FROM sessions s JOIN clients c ON c.id = s.client_id WHERE s.id_hash = ",
            $hash,
            " AND c.status <> 'closed'"
        )
    };
}

row! {
    pub(super) struct FoundSessionRow {
        session_id: i64,
        session_created_at: i64,
        last_seen_at: i64,
        #[sqlx(flatten)]
        client: ClientRow,
    }
}

impl FoundByRow for FoundSessionRow {
    const ONE: &'static str = concat!(session!("$1"), only_on_primary!());
    const ALL: &'static str = concat!(
        for_all!("$1", "hash", session!("asked.hash")),
        only_on_primary!()
    );
}

impl FoundSessionRow {
    fn counts(&self, limits: SessionLimits) -> bool {
        self.session_created_at > limits.created_after.unix()
            && self.last_seen_at > limits.seen_after.unix()
    }
}

/// From when on a session counts: older ones are over.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Created after this.
    pub created_after: Timestamp,
    /// Seen after this.
    pub seen_after: Timestamp,
}

/// A session that there is, and whose it is.
#[derive(Clone, Debug)]
pub struct FoundSession {
    /// Which.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last in use.
    pub last_seen_at: Timestamp,
    /// Whose.
    pub client: Client,
}

/// A session to be added.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Whose.
    pub client: ClientId,
    /// The hash of the password that was checked. The session is made only if it is still the one that is stored.
    pub password_hash: Option<&'a str>,
    /// The hash of its cookie's value.
    pub hash: SecretHash,
    /// The one that the same browser had, which ends.
    pub replaces: Option<SecretHash>,
    /// What the browser says it is.
    pub user_agent: &'a str,
    /// When it begins.
    pub at: Timestamp,
}

impl Store {
    /// Adds a session and writes down that the client logged in. `None` if the client may not log in any more, or not with
    /// the password that was checked.
    pub async fn add_session(
        &self,
        new: NewSession<'_>,
        activity: NewActivity,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut tx = self.begin(new.client).await?;
        let may_log_in: Option<i64> = in_tx!(&mut tx, |db| {
            sqlx::query_scalar(
                "SELECT id FROM clients WHERE id = $1 AND status <> 'closed' \
                 AND password_hash IS NOT DISTINCT FROM $2",
            )
            .bind(new.client.0)
            .bind(new.password_hash)
            .fetch_optional(db)
        })?;
        if may_log_in.is_none() {
            return Ok(None);
        }
        if let Some(old) = new.replaces {
            in_tx!(&mut tx, |db| {
                rows_affected(
                    sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
                        .bind(old.0.as_slice())
                        .execute(db),
                )
            })?;
        }
        tx.end_oldest_sessions(new.client).await?;
        let id = tx.insert_session(&new).await?;
        tx.record(activity).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// The session whose cookie has this hash.
    pub async fn session_by_hash(
        &self,
        hash: SecretHash,
        limits: SessionLimits,
    ) -> Result<Option<FoundSession>, StoreError> {
        self.faults.strike()?;
        let found: Option<FoundSessionRow> = match &self.db {
            Db::Sqlite { reader, .. } => {
                reader
                    .ask_first(move |snapshot| find_in_file(snapshot, session!("$1"), hash))
                    .await?
            }
            Db::Postgres { lookups, .. } => lookups.sessions.find(vec![hash.0.into()]).await?,
        };
        let Some(row) = found.filter(|row| row.counts(limits)) else {
            return Ok(None);
        };
        Ok(Some(FoundSession {
            id: SessionId(row.session_id),
            created_at: Timestamp::from_unix(row.session_created_at),
            last_seen_at: Timestamp::from_unix(row.last_seen_at),
            client: row.client.into_client()?,
        }))
    }

    /// Notes that a session is in use. Never goes back in time.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, |db| {
            rows_affected(
                sqlx::query(
                    "UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1",
                )
                .bind(now.unix())
                .bind(id.0)
                .execute(db),
            )
        })?;
        Ok(())
    }

    /// Ends one session of its owner; `false` if there is no such session.
    pub async fn end_session(
        &self,
        owner: ClientId,
        id: SessionId,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        let ended = in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query("DELETE FROM sessions WHERE id = $1 AND client_id = $2")
                    .bind(id.0)
                    .bind(owner.0)
                    .execute(db),
            )
        })?;
        tx.commit().await?;
        Ok(ended == 1)
    }

    /// Ends all of a client's sessions but one.
    pub async fn end_other_sessions(
        &self,
        owner: ClientId,
        kept: SessionId,
        actor: &Actor,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        let ended = in_tx!(&mut tx, |db| {
            rows_affected(
                sqlx::query("DELETE FROM sessions WHERE client_id = $1 AND id <> $2")
                    .bind(owner.0)
                    .bind(kept.0)
                    .execute(db),
            )
        })?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Deletes the sessions that are over, of everybody.
    pub async fn delete_ended_sessions(&self, limits: SessionLimits) -> Result<u64, StoreError> {
        on_writer!(self, |db| {
            rows_affected(
                sqlx::query("DELETE FROM sessions WHERE created_at <= $1 OR last_seen_at <= $2")
                    .bind(limits.created_after.unix())
                    .bind(limits.seen_after.unix())
                    .execute(db),
            )
        })
    }
}

impl Tx {
    /// Adds a session.
    pub(super) async fn insert_session(
        &mut self,
        new: &NewSession<'_>,
    ) -> Result<SessionId, StoreError> {
        let id: i64 = in_tx!(self, |db| {
            sqlx::query_scalar(
                "INSERT INTO sessions (id_hash, client_id, user_agent, created_at, last_seen_at) \
                 VALUES ($1, $2, $3, $4, $4) RETURNING id",
            )
            .bind(new.hash.0.as_slice())
            .bind(new.client.0)
            .bind(new.user_agent)
            .bind(new.at.unix())
            .fetch_one(db)
        })?;
        Ok(SessionId(id))
    }

    /// Ends all of a client's sessions.
    pub(super) async fn end_sessions(&mut self, of: ClientId) -> Result<(), StoreError> {
        self.end_sessions_but(of, 0).await
    }

    /// Makes room for one more session among the [`MAX_SESSIONS`] that a client may have.
    async fn end_oldest_sessions(&mut self, of: ClientId) -> Result<(), StoreError> {
        self.end_sessions_but(of, MAX_SESSIONS - 1).await
    }

    /// Ends a client's sessions but those that were seen last.
    async fn end_sessions_but(&mut self, of: ClientId, kept: i64) -> Result<(), StoreError> {
        in_tx!(self, |db| {
            rows_affected(
                sqlx::query(
                    "DELETE FROM sessions WHERE client_id = $1 AND id NOT IN (SELECT id FROM sessions \
                     WHERE client_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT $2)",
                )
                .bind(of.0)
                .bind(kept)
                .execute(db),
            )
        })?;
        Ok(())
    }
}
