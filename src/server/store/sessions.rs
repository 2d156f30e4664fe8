//! Sessions in the database.

use super::{
    NewActivity, Store, StoreError,
    db::Tx,
    lookups::Lookups,
    rows::values,
    verify::{self, FoundSessionRow},
};
use crate::{
    model::{
        activity::Event,
        address::Address,
        client::{Client, ClientId},
        session::SessionId,
        timestamp::Timestamp,
    },
    server::{actor::Actor, token_secret::SecretHash},
};

/// Sessions that a client may have. When another one begins, the one that was used longest ago ends.
pub const MAX_SESSIONS: i64 = 48;

/// From when on a session is valid: older ones have expired.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// It was created after this.
    pub created_after: Timestamp,
    /// It was last used after this.
    pub seen_after: Timestamp,
}

impl SessionLimits {
    fn allow(self, row: &FoundSessionRow) -> bool {
        row.session_created_at > self.created_after.unix()
            && row.last_seen_at > self.seen_after.unix()
    }
}

/// A valid session, and its client.
#[derive(Clone, Debug)]
pub struct FoundSession {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// Whether anything was ever imported, for whichever client.
    pub has_imports: bool,
    /// The client.
    pub client: Client,
}

/// A session to be added.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// The client.
    pub client: ClientId,
    /// The password hash that was verified. The session is added only if it is still the stored one.
    pub password_hash: Option<&'a str>,
    /// The hash of its cookie's value.
    pub hash: SecretHash,
    /// The previous session of the same browser, which ends.
    pub replaces: Option<SecretHash>,
    /// The browser's `User-Agent`.
    pub user_agent: &'a str,
    /// When it begins.
    pub at: Timestamp,
}

impl Store {
    /// Adds a session and records the login. `None` if the client may not log in any more, or not with the password that was
    /// verified.
    pub async fn add_session(
        &self,
        new: NewSession<'_>,
        activity: NewActivity,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut tx = self.begin(new.client).await?;
        let sql = "SELECT id FROM clients WHERE id = $1 AND status <> 'closed' \
            AND password_hash IS NOT DISTINCT FROM $2";
        let values = values![new.client.0, new.password_hash];
        let may_log_in: Option<(i64,)> = tx.fetch_one(sql, values).await?;
        if may_log_in.is_none() {
            return Ok(None);
        }
        if let Some(old) = new.replaces {
            let sql = "DELETE FROM sessions WHERE id_hash = $1";
            tx.execute(sql, values![old.0]).await?;
        }
        tx.end_oldest_sessions(new.client).await?;
        let id = tx.insert_session(&new, activity.actor().address).await?;
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
        self.faults.before_statement()?;
        let found = match &*self.lookups {
            Lookups::Sqlite { verifier, .. } => verify::sqlite::session(verifier, hash).await?,
            Lookups::Postgres { sessions, .. } => sessions.find(values![hash.0]).await?,
        };
        let Some(row) = found.filter(|row| limits.allow(row)) else {
            return Ok(None);
        };
        Ok(Some(FoundSession {
            id: SessionId(row.session_id),
            created_at: Timestamp::from_unix(row.session_created_at),
            last_seen_at: Timestamp::from_unix(row.last_seen_at),
            has_imports: row.imports > 0,
            client: row.client.into_client()?,
        }))
    }

    /// Notes that a session is in use. Its time of last use never decreases.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1";
        self.write(sql, values![now.unix(), id.0]).await?;
        Ok(())
    }

    /// Ends a session of its owner; `false` if there is no such session. To end one's own is to log out.
    pub async fn end_session(
        &self,
        owner: ClientId,
        id: SessionId,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        let sql = "DELETE FROM sessions WHERE id = $1 AND client_id = $2";
        let ended = tx.execute(sql, values![id.0, owner.0]).await?;
        if ended > 0 {
            let is_own = actor.session == Some(id);
            let event = if is_own {
                Event::LoggedOut
            } else {
                Event::SessionEnded
            };
            tx.record(NewActivity::new(owner, event, actor, at)).await?;
        }
        tx.commit().await?;
        Ok(ended == 1)
    }

    /// Ends all sessions of a client but one.
    pub async fn end_other_sessions(
        &self,
        owner: ClientId,
        kept: SessionId,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        let sql = "DELETE FROM sessions WHERE client_id = $1 AND id <> $2";
        let ended = tx.execute(sql, values![owner.0, kept.0]).await?;
        tx.record_ended(ended, owner, actor, at).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends a session of any client, for the operator; `false` if there is no such session.
    pub async fn end_session_of_any(
        &self,
        id: SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_any().await?;
        let sql = "DELETE FROM sessions WHERE id = $1 RETURNING client_id";
        let ended: Option<(i64,)> = tx.fetch_one(sql, values![id.0]).await?;
        if let Some((client,)) = ended {
            let operator = Actor::operator();
            tx.record_ended(1, ClientId(client), &operator, at).await?;
        }
        tx.commit().await?;
        Ok(ended.is_some())
    }

    /// Ends all sessions of a client, for the operator. Returns how many there were.
    pub async fn end_all_sessions(&self, of: ClientId, at: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin(of).await?;
        let sql = "DELETE FROM sessions WHERE client_id = $1";
        let ended = tx.execute(sql, values![of.0]).await?;
        tx.record_ended(ended, of, &Actor::operator(), at).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Deletes the expired sessions of all clients.
    pub async fn delete_ended_sessions(&self, limits: SessionLimits) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sessions WHERE created_at <= $1 OR last_seen_at <= $2";
        let values = values![limits.created_after.unix(), limits.seen_after.unix()];
        self.write(sql, values).await
    }
}

impl Tx {
    /// Records that sessions of a client were ended from elsewhere, in one row however many they are.
    async fn record_ended(
        &mut self,
        ended: u64,
        of: ClientId,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if ended == 0 {
            return Ok(());
        }
        let ended = NewActivity::new(of, Event::SessionEnded, actor, at);
        self.record(ended).await
    }

    /// Adds a session that began at an IP address.
    pub(super) async fn insert_session(
        &mut self,
        new: &NewSession<'_>,
        address: Option<Address>,
    ) -> Result<SessionId, StoreError> {
        let sql = "INSERT INTO sessions \
            (id_hash, client_id, user_agent, created_at, last_seen_at, address) \
            VALUES ($1, $2, $3, $4, $4, $5) RETURNING id";
        let values = values![
            new.hash.0,
            new.client.0,
            new.user_agent,
            new.at.unix(),
            address.map(|address| address.to_string()),
        ];
        let added: Option<(i64,)> = self.fetch_one(sql, values).await?;
        Ok(SessionId(added.ok_or(sqlx::Error::RowNotFound)?.0))
    }

    /// Ends all sessions of a client.
    pub(super) async fn end_sessions(&mut self, of: ClientId) -> Result<(), StoreError> {
        self.end_sessions_but(of, 0).await
    }

    /// Ends as many sessions as necessary for a client to begin another one.
    async fn end_oldest_sessions(&mut self, of: ClientId) -> Result<(), StoreError> {
        self.end_sessions_but(of, MAX_SESSIONS - 1).await
    }

    /// Ends a client's sessions but those that were used last.
    async fn end_sessions_but(&mut self, of: ClientId, kept: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE client_id = $1 AND id NOT IN (SELECT id FROM sessions \
            WHERE client_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT $2)";
        self.execute(sql, values![of.0, kept]).await?;
        Ok(())
    }
}
