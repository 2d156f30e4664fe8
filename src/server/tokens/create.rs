//! Creating a token.

use super::name::{name_taken, new_name};
use crate::{
    model::{
        error::AppError,
        scopes::Scopes,
        secret::TokenSecret,
        token::{CreatedToken, TokenSummary},
    },
    server::{error::Failure, session::SessionClient, state::AppState, store},
};

/// The longest idempotency key, in bytes.
const MAX_KEY_LEN: usize = 64;

/// A request for a new token, not validated yet.
#[derive(Clone, Debug, Default)]
pub struct CreateTokenRequest<'a> {
    /// The name.
    pub name: &'a str,
    /// What it may read.
    pub scopes: Scopes,
    /// The same key never makes a second token. Empty: no key.
    pub idempotency_key: &'a str,
    /// The response to this key never arrived: if its token was never used, replace its secret and return that.
    pub replace_unseen: bool,
}

/// The outcome of such a request.
#[derive(Debug)]
pub enum Creation {
    /// A token, whose secret is shown this once.
    Created(CreatedToken),
    /// The key made this token before. Only its hash is stored, so its secret cannot be shown again.
    AlreadyCreated {
        /// That token.
        token: TokenSummary,
        /// Whether it has been revoked.
        is_revoked: bool,
    },
}

/// Creates a token for the client.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for a name or key that is
/// refused, [`AppError::TokenLimit`] at the limit of active tokens; the database is unavailable.
pub async fn create(
    state: &AppState,
    who: &SessionClient,
    request: CreateTokenRequest<'_>,
) -> Result<Creation, Failure> {
    let name = new_name(who, request.name)?;
    let secret = TokenSecret::generate();
    let new = store::NewToken {
        name: &name,
        hash: secret.hash(),
        last_four: secret.hint(),
        scopes: request.scopes,
        idempotency_key: idempotency_key(request.idempotency_key)?,
        replace_unseen: request.replace_unseen,
        limit: state.config.max_tokens,
    };
    if request.replace_unseen {
        // Whether the token was used decides, and its last use may not be written yet.
        state.usage.write_new().await?;
    }
    match state
        .store
        .create_token(who.client().id, &new, who.actor(), state.clock.now())
        .await?
    {
        store::Creation::Created(token) => Ok(Creation::Created(CreatedToken { token, secret })),
        store::Creation::AlreadyCreated { token, is_revoked } => {
            Ok(Creation::AlreadyCreated { token, is_revoked })
        }
        store::Creation::NameTaken => Err(name_taken(&name).into()),
        store::Creation::LimitReached => Err(AppError::TokenLimit { limit: new.limit }.into()),
        store::Creation::TooManyRevoked { until } => {
            let wait = until.seconds_since(state.clock.now());
            let retry_after = u32::try_from(wait).unwrap_or(u32::MAX).max(1);
            Err(AppError::TooManyRequests { retry_after }.into())
        }
    }
}

fn idempotency_key(typed: &str) -> Result<Option<&str>, AppError> {
    if typed.len() > MAX_KEY_LEN || !typed.bytes().all(|b| b.is_ascii_graphic()) {
        let message = format!("Use up to {MAX_KEY_LEN} visible ASCII characters.");
        return Err(AppError::invalid("idempotency_key", message));
    }
    Ok((!typed.is_empty()).then_some(typed))
}
