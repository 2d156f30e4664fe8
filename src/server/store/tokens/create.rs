//! Creating tokens.

use super::{TokenRow, token_columns};
use crate::{
    model::{
        activity::Event,
        client::ClientId,
        timestamp::{DAY, Timestamp},
        token::{TokenName, TokenSummary},
    },
    server::{
        actor::Actor,
        store::{
            NewActivity, Store, StoreError,
            db::{Tx, in_tx},
        },
        token_secret::SecretHash,
    },
};

/// A token to be created.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// Its name.
    pub name: &'a TokenName,
    /// The hash of its secret.
    pub hash: SecretHash,
    /// The last four characters of its secret.
    pub last_four: &'a str,
    /// The same key never makes a second token.
    pub idempotency_key: Option<&'a str>,
    /// If the key made a token that was never used, give that one this secret instead.
    pub replace_unseen: bool,
    /// How many active tokens a client may have.
    pub limit: u32,
}

/// What came of creating a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It is there, with the secret it was asked to have.
    Created(TokenSummary),
    /// The key made this token before. Its secret stays as it was.
    AlreadyCreated {
        /// The token of then.
        token: TokenSummary,
        /// Whether it was revoked since.
        is_revoked: bool,
    },
    /// An active token has this name, ignoring case.
    NameTaken,
    /// There are as many active tokens as may be.
    LimitReached,
    /// As many were revoked within a day as may be. Revoked tokens stay, so their number is kept from growing without end.
    TooManyRevoked {
        /// When one may be made again.
        until: Timestamp,
    },
}

/// How many tokens of a client who may have `limit` of them may be revoked within a day if more are to be made: enough to
/// replace all of them twice.
fn revoked_a_day(limit: u32) -> i64 {
    1_000 + 2 * i64::from(limit)
}

impl Store {
    /// Creates a token, unless its key, its name or the number of tokens speaks against it.
    pub async fn create_token(
        &self,
        owner: ClientId,
        new: &NewToken<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        let mut tx = self.begin_active(owner, actor).await?;
        if let Some(key) = new.idempotency_key
            && let Some(row) = token_by_key(&mut tx, owner, key).await?
        {
            if new.replace_unseen
                && let Some(row) = replace_secret(&mut tx, owner, &row, new).await?
            {
                let token = row.into_summary()?;
                return created(tx, owner, token, Event::TokenReplaced, actor, now).await;
            }
            return Ok(Creation::AlreadyCreated {
                is_revoked: row.revoked_at.is_some(),
                token: row.into_summary()?,
            });
        }
        let active: i64 = in_tx!(&mut tx, |db| {
            sqlx::query_scalar(
                "SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL",
            )
            .bind(owner.0)
            .fetch_one(db)
        })?;
        if active >= i64::from(new.limit) {
            return Ok(Creation::LimitReached);
        }
        let a_day_ago = now.minus(DAY);
        let most = revoked_a_day(new.limit);
        if let Some(oldest) = revoked_before_others(&mut tx, owner, most, a_day_ago).await? {
            let until = oldest.minus(-DAY);
            return Ok(Creation::TooManyRevoked { until });
        }
        match insert(&mut tx, owner, new, now).await {
            Ok(row) => {
                let token = row.into_summary()?;
                created(tx, owner, token, Event::TokenCreated, actor, now).await
            }
            Err(error) if error.is_unique_violation() => Ok(Creation::NameTaken),
            Err(error) => Err(error),
        }
    }
}

/// Writes down what came of it and makes it last.
async fn created(
    mut tx: Tx,
    owner: ClientId,
    token: TokenSummary,
    event: Event,
    actor: &Actor,
    now: Timestamp,
) -> Result<Creation, StoreError> {
    tx.record(NewActivity::new(owner, event, actor, now).of_token(&token))
        .await?;
    tx.commit().await?;
    Ok(Creation::Created(token))
}

/// When the last but `count` - 1 of a client's tokens was revoked, if that was after `since`.
async fn revoked_before_others(
    tx: &mut Tx,
    owner: ClientId,
    count: i64,
    since: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let revoked_at: Option<i64> = in_tx!(tx, |db| {
        sqlx::query_scalar(
            "SELECT revoked_at FROM tokens WHERE client_id = $1 AND revoked_at > $2 \
             ORDER BY revoked_at DESC LIMIT 1 OFFSET $3",
        )
        .bind(owner.0)
        .bind(since.unix())
        .bind(count - 1)
        .fetch_optional(db)
    })?;
    Ok(revoked_at.map(Timestamp::from_unix))
}

async fn token_by_key(
    tx: &mut Tx,
    owner: ClientId,
    key: &str,
) -> Result<Option<TokenRow>, StoreError> {
    in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE client_id = $1 AND idempotency_key = $2"
        ))
        .bind(owner.0)
        .bind(key)
        .fetch_optional(db)
    })
}

/// Unless the token was used or revoked, which may have been written since it was read.
async fn replace_secret(
    tx: &mut Tx,
    owner: ClientId,
    old: &TokenRow,
    new: &NewToken<'_>,
) -> Result<Option<TokenRow>, StoreError> {
    in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "UPDATE tokens SET hash = $1, last_four = $2 WHERE id = $3 AND client_id = $4 \
             AND last_used_at IS NULL AND revoked_at IS NULL RETURNING ",
            token_columns!()
        ))
        .bind(new.hash.0.as_slice())
        .bind(new.last_four)
        .bind(old.id)
        .bind(owner.0)
        .fetch_optional(db)
    })
}

async fn insert(
    tx: &mut Tx,
    owner: ClientId,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<TokenRow, StoreError> {
    in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "INSERT INTO tokens (client_id, name, name_key, hash, last_four, idempotency_key, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
            token_columns!()
        ))
        .bind(owner.0)
        .bind(new.name.as_str())
        .bind(new.name.key())
        .bind(new.hash.0.as_slice())
        .bind(new.last_four)
        .bind(new.idempotency_key)
        .bind(now.unix())
        .fetch_one(db)
    })
}
