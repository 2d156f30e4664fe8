//! Renaming and revoking tokens.

use super::{TokenRow, token_columns};
use crate::{
    model::{
        activity::Event,
        client::ClientId,
        timestamp::Timestamp,
        token::{TokenId, TokenName, TokenSummary},
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::{Tx, in_tx},
        },
    },
};

/// What came of revoking a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It was valid until now.
    Revoked(TokenSummary),
    /// It had been revoked before.
    AlreadyRevoked(TokenSummary),
}

/// What came of renaming a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// It has this name now.
    Renamed(TokenSummary),
    /// It had this name before, to the letter.
    Unchanged(TokenSummary),
    /// Another active token has this name, ignoring case.
    NameTaken,
    /// There is no such active token of that client.
    NotFound,
}

impl Store {
    /// Gives an active token of its owner another name.
    pub async fn rename_token(
        &self,
        owner: ClientId,
        id: TokenId,
        name: &TokenName,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Renaming, StoreError> {
        let mut tx = self.begin_active(owner, actor).await?;
        let renamed: Result<Option<TokenRow>, StoreError> = in_tx!(&mut tx, |db| {
            sqlx::query_as(concat!(
                "UPDATE tokens SET name = $1, name_key = $2 \
                 WHERE id = $3 AND client_id = $4 AND revoked_at IS NULL AND name <> $1 RETURNING ",
                token_columns!()
            ))
            .bind(name.as_str())
            .bind(name.key())
            .bind(id.0)
            .bind(owner.0)
            .fetch_optional(db)
        });
        let token = match renamed {
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

    /// Revokes a token of its owner, or of anybody if `owner` is `None`; `None` if there is no such token.
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
        let revoked: Option<TokenRow> = in_tx!(&mut tx, |db| {
            sqlx::query_as(concat!(
                "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL \
                 AND (CAST($3 AS BIGINT) IS NULL OR client_id = $3) RETURNING ",
                token_columns!()
            ))
            .bind(now.unix())
            .bind(id.0)
            .bind(owner)
            .fetch_optional(db)
        })?;
        if let Some(row) = revoked {
            let client = ClientId(row.client_id);
            let token = row.into_summary()?;
            tx.record(NewActivity::new(client, Event::TokenRevoked, actor, now).of_token(&token))
                .await?;
            tx.commit().await?;
            return Ok(Some(Revocation::Revoked(token)));
        }
        let before: Option<TokenRow> = in_tx!(&mut tx, |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE id = $1 AND (CAST($2 AS BIGINT) IS NULL OR client_id = $2)"
            ))
            .bind(id.0)
            .bind(owner)
            .fetch_optional(db)
        })?;
        let before = before.map(TokenRow::into_summary).transpose()?;
        Ok(before.map(Revocation::AlreadyRevoked))
    }

    /// Revokes all active tokens of a client at once, and returns them.
    pub async fn revoke_all_tokens(
        &self,
        owner: ClientId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<TokenSummary>, StoreError> {
        let mut tx = self.begin_as(owner, actor).await?;
        tx.lock_tokens(owner).await?;
        let rows: Vec<TokenRow> = in_tx!(&mut tx, |db| {
            sqlx::query_as(concat!(
                "UPDATE tokens SET revoked_at = $1 WHERE client_id = $2 AND revoked_at IS NULL RETURNING ",
                token_columns!()
            ))
            .bind(now.unix())
            .bind(owner.0)
            .fetch_all(db)
        })?;
        let revoked: Result<Vec<_>, _> = rows.into_iter().map(TokenRow::into_summary).collect();
        let revoked = revoked?;
        for token in &revoked {
            let activity = NewActivity::new(owner, Event::TokenRevoked, actor, now);
            tx.record(activity.of_token(token)).await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }
}

async fn active_token(
    tx: &mut Tx,
    owner: ClientId,
    id: TokenId,
) -> Result<Option<TokenSummary>, StoreError> {
    let row: Option<TokenRow> = in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL"
        ))
        .bind(id.0)
        .bind(owner.0)
        .fetch_optional(db)
    })?;
    row.map(TokenRow::into_summary).transpose()
}
