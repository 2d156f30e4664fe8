//! Tokens in the database.

use sqlx::FromRow;

use super::{
    NewActivity, Store, StoreError,
    clients::{ClientRow, client_columns},
    db::{Tx, in_tx, on_reader},
};
use crate::{
    domain::{
        activity::Event,
        client::{Client, ClientId},
        timestamp::Timestamp,
        token::{TokenId, TokenName, TokenSummary},
    },
    server::{actor::Actor, token_secret::SecretHash},
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
}

/// What came of revoking a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It was valid until now.
    Revoked(TokenSummary),
    /// It had been revoked before.
    AlreadyRevoked(TokenSummary),
}

/// The columns of a [`TokenRow`], named one by one: a later version may add some while this one serves.
macro_rules! token_columns {
    () => {
        "id, client_id, name, last_four, created_at, last_used_at, revoked_at"
    };
}

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    client_id: i64,
    name: String,
    last_four: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TokenRow {
    fn into_summary(self) -> Result<TokenSummary, StoreError> {
        let name = TokenName::parse(&self.name).map_err(|_| StoreError::BadRow {
            table: "tokens",
            id: self.id,
        })?;
        Ok(TokenSummary {
            id: TokenId(self.id),
            name,
            last_four: self.last_four,
            created_at: Timestamp::from_unix(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_unix),
        })
    }
}

#[derive(FromRow)]
struct TokenAndClientRow {
    token_id: i64,
    #[sqlx(flatten)]
    client: ClientRow,
}

/// The valid token behind a hash.
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// Which token.
    pub id: TokenId,
    /// Whose data it reads.
    pub client: Client,
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
        let mut tx = self.begin(owner).await?;
        if let Some(key) = new.idempotency_key
            && let Some(row) = token_by_key(&mut tx, owner, key).await?
        {
            let is_revoked = row.revoked_at.is_some();
            if !new.replace_unseen || is_revoked || row.last_used_at.is_some() {
                return Ok(Creation::AlreadyCreated {
                    token: row.into_summary()?,
                    is_revoked,
                });
            }
            let token = replace_secret(&mut tx, owner, &row, new)
                .await?
                .into_summary()?;
            return created(tx, owner, token, Event::TokenReplaced, actor, now).await;
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
        match insert(&mut tx, owner, new, now).await {
            Ok(row) => {
                let token = row.into_summary()?;
                created(tx, owner, token, Event::TokenCreated, actor, now).await
            }
            Err(error) if error.is_unique_violation() => Ok(Creation::NameTaken),
            Err(error) => Err(error),
        }
    }

    /// A client's active tokens, newest first.
    pub async fn tokens_of(&self, owner: ClientId) -> Result<Vec<TokenSummary>, StoreError> {
        let rows: Vec<TokenRow> = on_reader!(self, |db| {
            sqlx::query_as(concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
                 ORDER BY created_at DESC, id DESC"
            ))
            .bind(owner.0)
            .fetch_all(db)
        })?;
        rows.into_iter().map(TokenRow::into_summary).collect()
    }

    /// One active token of its owner.
    pub async fn token_of(
        &self,
        owner: ClientId,
        id: TokenId,
    ) -> Result<Option<TokenSummary>, StoreError> {
        let row: Option<TokenRow> = on_reader!(self, |db| {
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

    /// The valid token with this hash.
    ///
    /// The statement begins after the request came in and sees everything committed by then, by
    /// whichever process; nothing is remembered from one request to the next. So a request that
    /// begins after a revocation was answered finds no token.
    pub async fn token_by_hash(&self, hash: SecretHash) -> Result<Option<ValidToken>, StoreError> {
        let row: Option<TokenAndClientRow> = on_reader!(self, |db| {
            sqlx::query_as(concat!(
                "SELECT t.id AS token_id, ",
                client_columns!(),
                " FROM tokens t JOIN clients c ON c.id = t.client_id \
                 WHERE t.hash = $1 AND t.revoked_at IS NULL AND c.status <> 'closed'"
            ))
            .bind(hash.0.as_slice())
            .fetch_optional(db)
        })?;
        row.map(|row| {
            Ok(ValidToken {
                id: TokenId(row.token_id),
                client: row.client.into_client()?,
            })
        })
        .transpose()
    }

    /// Revokes a token of its owner, or of anybody if `owner` is `None`; `None` if there is no such token.
    pub async fn revoke_token(
        &self,
        owner: Option<ClientId>,
        id: TokenId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<Revocation>, StoreError> {
        let owner = owner.map(|client| client.0);
        let mut tx = self.begin_any().await?;
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

async fn replace_secret(
    tx: &mut Tx,
    owner: ClientId,
    old: &TokenRow,
    new: &NewToken<'_>,
) -> Result<TokenRow, StoreError> {
    in_tx!(tx, |db| {
        sqlx::query_as(concat!(
            "UPDATE tokens SET hash = $1, last_four = $2 WHERE id = $3 AND client_id = $4 RETURNING ",
            token_columns!()
        ))
        .bind(new.hash.0.as_slice())
        .bind(new.last_four)
        .bind(old.id)
        .bind(owner.0)
        .fetch_one(db)
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
