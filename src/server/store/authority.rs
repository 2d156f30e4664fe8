//! Transactions that begin with the right to make a change.
//!
//! A request determines once who sent it, and may then wait: for a password to be hashed, for the writer, for a lock. Its
//! session may end meanwhile. So a request with a session has it checked again here, where nothing can come between the
//! check and the commit: SQLite has a single writer, and PostgreSQL keeps the rows locked that were checked.

use super::{Store, StoreError, db::Tx, rows::values};
use crate::{
    model::{
        client::{ClientId, ClientStatus},
        session::SessionId,
    },
    server::actor::Actor,
};

impl Store {
    /// Begins a transaction that changes this client's data. There is one such transaction of a client at a time.
    ///
    /// PostgreSQL locks the client's row, but lets other transactions refer to it: uses of tokens are written meanwhile.
    pub(super) async fn begin(&self, client: ClientId) -> Result<Tx, StoreError> {
        let mut tx = self.begin_any().await?;
        let sql = "SELECT 1 FROM clients WHERE id = $1 FOR NO KEY UPDATE";
        tx.lock(sql, values![client.0]).await?;
        Ok(tx)
    }

    /// Begins a transaction in which `actor` changes this client's data.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] if the actor's session has ended.
    pub(super) async fn begin_as(&self, client: ClientId, actor: &Actor) -> Result<Tx, StoreError> {
        let mut tx = self.begin(client).await?;
        if let Some(session) = actor.session {
            tx.status_of_session(client, session).await?;
        }
        Ok(tx)
    }

    /// The same for changes that a suspended client may not make.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] if the actor's session has ended, [`StoreError::NotActive`] if its client is suspended.
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
    /// The status of the client of this session. The session cannot end before this transaction does.
    async fn status_of_session(
        &mut self,
        client: ClientId,
        session: SessionId,
    ) -> Result<String, StoreError> {
        // The client's row is locked, but a session can also end without that lock: by a login that replaces it.
        let sql = "SELECT 1 FROM sessions WHERE id = $1 FOR KEY SHARE";
        self.lock(sql, values![session.0]).await?;
        let sql = "SELECT c.status FROM sessions s JOIN clients c ON c.id = s.client_id \
            WHERE s.id = $1 AND s.client_id = $2";
        let values = values![session.0, client.0];
        let status: Option<(String,)> = self.fetch_one(sql, values).await?;
        Ok(status.ok_or(StoreError::SessionEnded)?.0)
    }
}
