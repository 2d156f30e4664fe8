//! Tokens in the database.

use sqlx::{FromRow, Sqlite, Transaction};

use super::{Store, StoreError, clients::ClientRow};
use crate::{
    domain::{
        client::{Client, ClientId},
        timestamp::Timestamp,
        token::{TokenId, TokenName, TokenSummary},
    },
    server::token_secret::SecretHash,
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

#[derive(FromRow)]
struct TokenRow {
    id: i64,
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
    last_used_at: Option<i64>,
    #[sqlx(flatten)]
    client: ClientRow,
}

/// The valid token behind a hash.
#[derive(Clone, Debug)]
pub struct ValidToken {
    /// Which token.
    pub id: TokenId,
    /// When it was last used, as far as is recorded.
    pub last_used_at: Option<Timestamp>,
    /// Whose data it reads.
    pub client: Client,
}

impl Store {
    /// Creates a token, unless its key, its name or the number of tokens speaks against it.
    pub async fn create_token(
        &self,
        owner: ClientId,
        new: &NewToken<'_>,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(key) = new.idempotency_key
            && let Some(row) = token_by_key(&mut tx, owner, key).await?
        {
            let is_revoked = row.revoked_at.is_some();
            if new.replace_unseen && !is_revoked && row.last_used_at.is_none() {
                let row = replace_secret(&mut tx, owner, &row, new).await?;
                tx.commit().await?;
                return Ok(Creation::Created(row.into_summary()?));
            }
            return Ok(Creation::AlreadyCreated {
                token: row.into_summary()?,
                is_revoked,
            });
        }
        let active: u32 = sqlx::query_scalar(
            "SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL",
        )
        .bind(owner.0)
        .fetch_one(&mut *tx)
        .await?;
        if active >= new.limit {
            return Ok(Creation::LimitReached);
        }
        match insert(&mut tx, owner, new, now).await {
            Ok(row) => {
                tx.commit().await?;
                Ok(Creation::Created(row.into_summary()?))
            }
            Err(error) if error.is_unique_violation() => Ok(Creation::NameTaken),
            Err(error) => Err(error),
        }
    }

    /// A client's active tokens, newest first.
    pub async fn tokens_of(&self, owner: ClientId) -> Result<Vec<TokenSummary>, StoreError> {
        let rows: Vec<TokenRow> = sqlx::query_as(
            "SELECT * FROM tokens WHERE client_id = $1 AND revoked_at IS NULL \
             ORDER BY created_at DESC, id DESC",
        )
        .bind(owner.0)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(TokenRow::into_summary).collect()
    }

    /// One active token of its owner.
    pub async fn token_of(
        &self,
        owner: ClientId,
        id: TokenId,
    ) -> Result<Option<TokenSummary>, StoreError> {
        let row: Option<TokenRow> = sqlx::query_as(
            "SELECT * FROM tokens WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL",
        )
        .bind(id.0)
        .bind(owner.0)
        .fetch_optional(&self.reader)
        .await?;
        row.map(TokenRow::into_summary).transpose()
    }

    /// The valid token with this hash.
    ///
    /// The statement begins after the request came in and sees everything committed by then, by
    /// whichever process; nothing is remembered from one request to the next. So a request that
    /// begins after a revocation was answered finds no token.
    pub async fn token_by_hash(&self, hash: SecretHash) -> Result<Option<ValidToken>, StoreError> {
        let row: Option<TokenAndClientRow> = sqlx::query_as(
            "SELECT t.id AS token_id, t.last_used_at, c.* \
             FROM tokens t JOIN clients c ON c.id = t.client_id \
             WHERE t.hash = $1 AND t.revoked_at IS NULL AND c.status <> 'closed'",
        )
        .bind(hash.0.as_slice())
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            Ok(ValidToken {
                id: TokenId(row.token_id),
                last_used_at: row.last_used_at.map(Timestamp::from_unix),
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
        now: Timestamp,
    ) -> Result<Option<Revocation>, StoreError> {
        let owner = owner.map(|client| client.0);
        let mut tx = self.begin().await?;
        let row: Option<TokenRow> =
            sqlx::query_as("SELECT * FROM tokens WHERE id = $1 AND ($2 IS NULL OR client_id = $2)")
                .bind(id.0)
                .bind(owner)
                .fetch_optional(&mut *tx)
                .await?;
        let Some(row) = row else { return Ok(None) };
        if row.revoked_at.is_some() {
            return Ok(Some(Revocation::AlreadyRevoked(row.into_summary()?)));
        }
        sqlx::query("UPDATE tokens SET revoked_at = $1 WHERE id = $2")
            .bind(now.unix())
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some(Revocation::Revoked(row.into_summary()?)))
    }

    /// Records when tokens were last used. Never goes back in time.
    pub async fn record_last_used(&self, uses: &[(TokenId, Timestamp)]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for (id, used_at) in uses {
            sqlx::query(
                "UPDATE tokens SET last_used_at = $1 \
                 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)",
            )
            .bind(used_at.unix())
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn token_by_key(
    tx: &mut Transaction<'static, Sqlite>,
    owner: ClientId,
    key: &str,
) -> Result<Option<TokenRow>, StoreError> {
    Ok(
        sqlx::query_as("SELECT * FROM tokens WHERE client_id = $1 AND idempotency_key = $2")
            .bind(owner.0)
            .bind(key)
            .fetch_optional(&mut **tx)
            .await?,
    )
}

async fn replace_secret(
    tx: &mut Transaction<'static, Sqlite>,
    owner: ClientId,
    old: &TokenRow,
    new: &NewToken<'_>,
) -> Result<TokenRow, StoreError> {
    Ok(sqlx::query_as(
        "UPDATE tokens SET hash = $1, last_four = $2 WHERE id = $3 AND client_id = $4 RETURNING *",
    )
    .bind(new.hash.0.as_slice())
    .bind(new.last_four)
    .bind(old.id)
    .bind(owner.0)
    .fetch_one(&mut **tx)
    .await?)
}

async fn insert(
    tx: &mut Transaction<'static, Sqlite>,
    owner: ClientId,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<TokenRow, StoreError> {
    Ok(sqlx::query_as(
        "INSERT INTO tokens (client_id, name, name_key, hash, last_four, idempotency_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *",
    )
    .bind(owner.0)
    .bind(new.name.as_str())
    .bind(new.name.key())
    .bind(new.hash.0.as_slice())
    .bind(new.last_four)
    .bind(new.idempotency_key)
    .bind(now.unix())
    .fetch_one(&mut **tx)
    .await?)
}
