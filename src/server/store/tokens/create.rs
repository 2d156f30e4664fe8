//! Creating tokens.

use const_format::formatcp;

use super::expire;
use crate::{
    model::{
        activity::Event,
        client::ClientId,
        scopes::Scopes,
        timestamp::{DAY, Timestamp},
        token::{TokenId, TokenName, TokenSummary},
        token_limits::TokenLimits,
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

/// A token to be created.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// Its name.
    pub name: &'a TokenName,
    /// The hash of its secret.
    pub hash: SecretHash,
    /// The last four characters of its secret.
    pub last_four: &'a str,
    /// What it may read.
    pub scopes: Scopes,
    /// Until when and from where it works.
    pub limits: TokenLimits,
    /// The same key never creates a second token.
    pub idempotency_key: Option<&'a str>,
    /// If the key created a token that was never used and may read the same, that token gets this secret instead.
    pub replace_unseen: bool,
    /// How many active tokens a client may have.
    pub limit: u32,
}

/// The outcome of creating a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creation {
    /// The token, with the requested secret.
    Created(TokenSummary),
    /// The key created this token before. Its secret was not changed.
    AlreadyCreated {
        /// That token.
        token: TokenSummary,
        /// Whether it has been revoked since.
        is_revoked: bool,
    },
    /// An active token has this name, ignoring case.
    NameTaken,
    /// The client has the maximum number of active tokens.
    LimitReached,
    /// The client has revoked the maximum number of tokens within a day. Revoked tokens are kept, so this bounds their
    /// growth.
    TooManyRevoked {
        /// When the next one may be created.
        until: Timestamp,
    },
}

/// How many tokens a client that may have `limit` of them may revoke within a day and still create more: enough to replace all
/// of them twice.
fn revoked_a_day(limit: u32) -> i64 {
    1_000 + 2 * i64::from(limit)
}

impl Store {
    /// Creates a token, unless its key, its name or the number of tokens prevents it.
    pub async fn create_token(
        &self,
        owner: ClientId,
        new: &NewToken<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        let mut tx = self.begin_active(owner, actor).await?;
        // Their names are free, and they do not count.
        expire::end_expired_of(&mut tx, owner, now).await?;
        if let Some(key) = new.idempotency_key
            && let Some(row) = token_by_key(&mut tx, owner, key).await?
        {
            let is_revoked = row.revoked_at.is_some();
            let token = row.into_summary()?;
            // Whoever limits a token must not be shown one that may do more.
            if new.replace_unseen
                && (token.scopes, &token.limits) == (new.scopes, &new.limits)
                && let Some(row) = replace_secret(&mut tx, owner, token.id, new).await?
            {
                let token = row.into_summary()?;
                return created(tx, owner, token, Event::TokenReplaced, actor, now).await;
            }
            return Ok(Creation::AlreadyCreated { token, is_revoked });
        }
        let sql = "SELECT count(*) FROM tokens WHERE client_id = $1 AND revoked_at IS NULL";
        let active: Option<(i64,)> = tx.fetch_one(sql, values![owner.0]).await?;
        if active.is_none_or(|(active,)| active >= i64::from(new.limit)) {
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

/// Records the creation and commits.
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

/// When the client revoked the `count`-th token from the end, if that was after `since`.
async fn revoked_before_others(
    tx: &mut Tx,
    owner: ClientId,
    count: i64,
    since: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT revoked_at FROM tokens WHERE client_id = $1 AND revoked_at > $2 \
        ORDER BY revoked_at DESC LIMIT 1 OFFSET $3";
    let values = values![owner.0, since.unix(), count - 1];
    let revoked_at: Option<(i64,)> = tx.fetch_one(sql, values).await?;
    Ok(revoked_at.map(|(at,)| Timestamp::from_unix(at)))
}

async fn token_by_key(
    tx: &mut Tx,
    owner: ClientId,
    key: &str,
) -> Result<Option<TokenRow>, StoreError> {
    const SQL: &str = formatcp!(
        "SELECT {TOKEN_COLUMNS} FROM tokens WHERE client_id = $1 AND idempotency_key = $2"
    );
    tx.fetch_one(SQL, values![owner.0, key]).await
}

/// Replaces the secret, unless the token was used or revoked, which may have happened since it was read.
async fn replace_secret(
    tx: &mut Tx,
    owner: ClientId,
    old: TokenId,
    new: &NewToken<'_>,
) -> Result<Option<TokenRow>, StoreError> {
    const SQL: &str = formatcp!(
        "UPDATE tokens SET hash = $1, last_four = $2 WHERE id = $3 AND client_id = $4 \
         AND last_used_at IS NULL AND revoked_at IS NULL RETURNING {TOKEN_COLUMNS}"
    );
    let values = values![new.hash.0, new.last_four, old.0, owner.0];
    tx.fetch_one(SQL, values).await
}

async fn insert(
    tx: &mut Tx,
    owner: ClientId,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<TokenRow, StoreError> {
    const SQL: &str = formatcp!(
        "INSERT INTO tokens (client_id, name, name_key, hash, last_four, scopes, \
         expires_at, allowed_addresses, idempotency_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {TOKEN_COLUMNS}"
    );
    let values = values![
        owner.0,
        new.name.as_str(),
        new.name.key(),
        new.hash.0,
        new.last_four,
        new.scopes.column(),
        new.limits.expires_at.map(Timestamp::unix),
        new.limits.allowed.column(),
        new.idempotency_key,
        now.unix(),
    ];
    let added = tx.fetch_one(SQL, values).await?;
    Ok(added.ok_or(sqlx::Error::RowNotFound)?)
}
