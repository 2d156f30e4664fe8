//! Renaming and revoking tokens.

use const_format::formatcp;

use crate::{
    model::{
        activity::Event,
        client::ClientId,
        timestamp::{HOUR, Timestamp},
        token::{TokenId, TokenName, TokenSummary},
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::Tx,
            rows::{TOKEN_COLUMNS, TokenRow, values},
        },
        token_secret::SecretHash,
    },
};

/// The outcome of revoking a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It was revoked now.
    Revoked(TokenSummary),
    /// It had been revoked earlier.
    AlreadyRevoked(TokenSummary),
}

/// The outcome of renaming a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// It has the new name.
    Renamed(TokenSummary),
    /// It had exactly this name before.
    Unchanged(TokenSummary),
    /// Another active token has this name, ignoring case.
    NameTaken,
    /// The client has no such active token.
    NotFound,
}

const RENAME: &str = formatcp!(
    "UPDATE tokens SET name = $1, name_key = $2 WHERE id = $3 AND client_id = $4 \
     AND revoked_at IS NULL AND name <> $1 RETURNING {TOKEN_COLUMNS}"
);
const REVOKE: &str = formatcp!(
    "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL \
     AND (CAST($3 AS BIGINT) IS NULL OR client_id = $3) RETURNING {TOKEN_COLUMNS}"
);
const REVOKE_VALID: &str = formatcp!(
    "UPDATE tokens SET revoked_at = $1 WHERE hash = $2 AND client_id = $3 AND revoked_at IS NULL \
     AND (expires_at IS NULL OR expires_at > $1) AND EXISTS (SELECT 1 FROM clients WHERE id = $3 AND status <> 'closed') RETURNING {TOKEN_COLUMNS}"
);
const REVOKE_ALL: &str = formatcp!(
    "UPDATE tokens SET revoked_at = $1 WHERE client_id = $2 AND revoked_at IS NULL \
     RETURNING {TOKEN_COLUMNS}"
);
const TOKEN: &str = formatcp!(
    "SELECT {TOKEN_COLUMNS} FROM tokens WHERE id = $1 \
     AND (CAST($2 AS BIGINT) IS NULL OR client_id = $2)"
);
const ACTIVE_TOKEN: &str = formatcp!(
    "SELECT {TOKEN_COLUMNS} FROM tokens WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL"
);

impl Store {
    /// Renames an active token of its owner.
    pub async fn rename_token(
        &self,
        owner: ClientId,
        id: TokenId,
        name: &TokenName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Renaming, StoreError> {
        let mut tx = self.begin_active(owner, actor).await?;
        let values = values![name.as_str(), name.key(), id.0, owner.0];
        let token = match tx.fetch_one::<TokenRow>(RENAME, values).await {
            Ok(Some(row)) => row.into_summary()?,
            Ok(None) => {
                let same = active_token(&mut tx, owner, id).await?;
                return Ok(same.map_or(Renaming::NotFound, Renaming::Unchanged));
            }
            Err(error) if error.is_unique_violation() => return Ok(Renaming::NameTaken),
            Err(error) => return Err(error),
        };
        let renamed = NewActivity::new(owner, Event::TokenRenamed, actor, now);
        tx.record(renamed.of_token(&token)).await?;
        tx.commit().await?;
        Ok(Renaming::Renamed(token))
    }

    /// Revokes a token of its owner, or of any client if `owner` is `None`; `None` if there is no such token.
    pub async fn revoke_token(
        &self,
        owner: Option<ClientId>,
        id: TokenId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<Revocation>, StoreError> {
        let mut tx = match owner {
            Some(owner) => self.begin_as(owner, actor).await?,
            None => self.begin_any().await?,
        };
        let owner = owner.map(|client| client.0);
        let values = values![now.unix(), id.0, owner];
        let revoked: Option<TokenRow> = tx.fetch_one(REVOKE, values).await?;
        if let Some(row) = revoked {
            let client = ClientId(row.client_id);
            let token = row.into_summary()?;
            tx.record(NewActivity::new(client, Event::TokenRevoked, actor, now).of_token(&token))
                .await?;
            tx.commit().await?;
            return Ok(Some(Revocation::Revoked(token)));
        }
        let before: Option<TokenRow> = tx.fetch_one(TOKEN, values![id.0, owner]).await?;
        let before = before.map(TokenRow::into_summary).transpose()?;
        Ok(before.map(Revocation::AlreadyRevoked))
    }

    /// Revokes the token of its owner that has this secret, if it is valid.
    pub async fn revoke_valid_token(
        &self,
        owner: ClientId,
        hash: SecretHash,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<TokenSummary>, StoreError> {
        let mut tx = self.begin(owner).await?;
        let values = values![now.unix(), hash.0, owner.0];
        let revoked: Option<TokenRow> = tx.fetch_one(REVOKE_VALID, values).await?;
        let Some(token) = revoked.map(TokenRow::into_summary).transpose()? else {
            return Ok(None);
        };
        let revoked = NewActivity::new(owner, Event::TokenRevoked, actor, now);
        tx.record(revoked.of_token(&token)).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Records that a token was refused because of the actor's IP address, unless that was recorded within an hour, perhaps by
    /// another node.
    pub async fn record_refusal(
        &self,
        owner: ClientId,
        id: TokenId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(owner).await?;
        let sql = "SELECT 1 FROM activity WHERE client_id = $1 AND event = $2 AND token_id = $3 \
            AND address = $4 AND at > $5 LIMIT 1";
        let event = Event::TokenRefused;
        let address = actor.address.map(|address| address.to_string());
        let since = now.minus(HOUR).unix();
        let values = values![owner.0, event.as_str(), id.0, address, since];
        let recorded: Option<(i64,)> = tx.fetch_one(sql, values).await?;
        if recorded.is_none()
            && let Some(token) = active_token(&mut tx, owner, id).await?
        {
            let refused = NewActivity::new(owner, event, &actor, now);
            tx.record(refused.of_token(&token)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Revokes all active tokens of a client at once, and returns them.
    pub async fn revoke_all_tokens(
        &self,
        owner: ClientId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<TokenSummary>, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        let revoked = tx.revoke_tokens(owner, actor, now).await?;
        tx.commit().await?;
        Ok(revoked)
    }
}

impl Tx {
    /// Revokes all active tokens of a client, and returns them.
    pub(in crate::server::store) async fn revoke_tokens(
        &mut self,
        owner: ClientId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<TokenSummary>, StoreError> {
        // In the order in which their use is written: otherwise each transaction could wait for the other.
        let lock = "SELECT 1 FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
            ORDER BY id FOR NO KEY UPDATE";
        self.lock(lock, values![owner.0]).await?;
        let rows: Vec<TokenRow> = self.fetch(REVOKE_ALL, values![now.unix(), owner.0]).await?;
        let revoked: Result<Vec<_>, _> = rows.into_iter().map(TokenRow::into_summary).collect();
        let revoked = revoked?;
        for token in &revoked {
            let activity = NewActivity::new(owner, Event::TokenRevoked, actor, now);
            self.record(activity.of_token(token)).await?;
        }
        Ok(revoked)
    }
}

async fn active_token(
    tx: &mut Tx,
    owner: ClientId,
    id: TokenId,
) -> Result<Option<TokenSummary>, StoreError> {
    let row: Option<TokenRow> = tx.fetch_one(ACTIVE_TOKEN, values![id.0, owner.0]).await?;
    row.map(TokenRow::into_summary).transpose()
}
