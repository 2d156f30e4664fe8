//! The right to change something, asked for in the transaction that makes the change.
//!
//! A request finds out once who it comes from, and may then wait: for its turn to hash a password, for the writer, for a
//! lock. Its session may end meanwhile. So whoever acts with a session is asked for it again here, where nothing can come
//! between the answer and the commit: SQLite has one writer, and PostgreSQL keeps the rows locked that were asked for.

use super::{
    Store, StoreError,
    db::{Tx, in_tx},
};
use crate::{
    model::{
        client::{ClientId, ClientStatus},
        session::SessionId,
    },
    server::actor::Actor,
};

impl Store {
    /// Begins a transaction in which this client's data is changed by `actor`.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] if the session they act with has ended.
    pub(super) async fn begin_as(&self, client: ClientId, actor: &Actor) -> Result<Tx, StoreError> {
        let mut tx = self.begin(client).await?;
        if let Some(session) = actor.session {
            tx.status_of_session(client, session).await?;
        }
        Ok(tx)
    }

    /// The same, for what a suspended client may not do.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] if the session they act with has ended, [`StoreError::NotActive`] if its client is
    /// suspended.
    pub(super) async fn begin_active(
        &self,
        client: ClientId,
        actor: &Actor,
    ) -> Result<Tx, StoreError> {
        let mut tx = self.begin(client).await?;
        if let Some(session) = actor.session
            && tx.status_of_session(client, session).await? != ClientStatus::Active.as_str()
        {
            return Err(StoreError::NotActive);
        }
        Ok(tx)
    }
}

impl Tx {
    /// What the client may do whose session this is. It cannot end before this transaction does.
    async fn status_of_session(
        &mut self,
        client: ClientId,
        session: SessionId,
    ) -> Result<String, StoreError> {
        // The client's row is locked, but a session can also end without it: by a log-in that takes its place.
        self.lock_rows(
            "SELECT 1 FROM sessions WHERE id = $1 FOR KEY SHARE",
            session.0,
        )
        .await?;
        let status: Option<String> = in_tx!(self, |db| {
            sqlx::query_scalar(
                "SELECT c.status FROM sessions s JOIN clients c ON c.id = s.client_id \
                 WHERE s.id = $1 AND s.client_id = $2",
            )
            .bind(session.0)
            .bind(client.0)
            .fetch_optional(db)
        })?;
        status.ok_or(StoreError::SessionEnded)
    }
}
