//! Creating a token.

use super::name::{name_taken, new_name};
use crate::{
    model::{
        date::Date,
        error::AppError,
        field,
        scopes::Scopes,
        secret::TokenSecret,
        timestamp::DAY,
        token::{CreatedToken, TokenSummary},
        token_limits::TokenLimits,
    },
    server::{
        allowed_networks, error::Failure, session::SessionClient, state::AppState, store,
        token_secret::check_public,
    },
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
    /// The day on which it ends, as that begins in UTC: `2027-01-15`. Empty: never.
    pub expires_on: &'a str,
    /// The IP addresses and networks from which it works. Empty: from everywhere.
    pub allowed_addresses: &'a str,
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
    let limits = limits(state, &request)?;
    let secret = TokenSecret::generate();
    let new = store::NewToken {
        name: &name,
        hash: secret.hash(),
        last_four: secret.hint(),
        scopes: request.scopes,
        limits,
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
        store::Creation::Created(token) => {
            if let Some(moment) = token.limits.expires_at {
                state.expiry.note(moment);
            }
            Ok(Creation::Created(CreatedToken { token, secret }))
        }
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

fn limits(state: &AppState, request: &CreateTokenRequest<'_>) -> Result<TokenLimits, AppError> {
    check_public(field::ALLOWED_ADDRESSES, request.allowed_addresses)?;
    let allowed = allowed_networks::parse(request.allowed_addresses)
        .map_err(|error| AppError::invalid(field::ALLOWED_ADDRESSES, error))?;
    let typed = request.expires_on.trim();
    let mut limits = TokenLimits {
        expires_at: None,
        allowed,
    };
    if typed.is_empty() {
        return Ok(limits);
    }
    let refuse = |message| AppError::invalid(field::EXPIRES_ON, message);
    let end = Date::parse(typed).ok_or_else(|| refuse("Enter a date like 2027-01-15."))?;
    let end = end.midnight();
    // A form that is repeated asks for what was allowed when it was sent first.
    let least = if request.replace_unseen { 0 } else { DAY };
    if end.unix() < state.clock.now().unix() + least {
        return Err(refuse("Choose a day that begins in 24 hours or later."));
    }
    limits.expires_at = Some(end);
    Ok(limits)
}

fn idempotency_key(typed: &str) -> Result<Option<&str>, AppError> {
    if typed.len() > MAX_KEY_LEN || !typed.bytes().all(|b| b.is_ascii_graphic()) {
        let message = format!("Use up to {MAX_KEY_LEN} visible ASCII characters.");
        return Err(AppError::invalid("idempotency_key", message));
    }
    check_public("idempotency_key", typed)?;
    Ok((!typed.is_empty()).then_some(typed))
}
