//! Revoking tokens.

use crate::{
    model::{
        error::AppError,
        token::{TokenId, TokenSummary},
    },
    server::{error::Failure, session::SessionClient, state::AppState, store::Revocation},
};

/// Revokes one of the client's tokens. Once this returns, no later request with it succeeds.
///
/// # Errors
/// [`AppError::NotFound`] if the client never had such a token; the database is unavailable.
pub async fn revoke(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<Revocation, Failure> {
    let revoked = state
        .store
        .revoke_token(Some(who.client().id), id, who.actor(), state.clock.now())
        .await?;
    revoked.ok_or_else(|| AppError::NotFound.into())
}

/// Revokes all of the client's tokens. Once this returns, no later request with any of them succeeds.
///
/// # Errors
/// The database is unavailable.
pub async fn revoke_all(
    state: &AppState,
    who: &SessionClient,
) -> Result<Vec<TokenSummary>, Failure> {
    let now = state.clock.now();
    let revoked = state
        .store
        .revoke_all_tokens(who.client().id, who.actor(), now);
    Ok(revoked.await?)
}
