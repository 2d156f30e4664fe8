//! What a token may do with itself.

use super::TokenClient;
use crate::{
    model::{
        error::AppError,
        token::{AnyToken, TokenSummary},
    },
    server::{actor::Actor, error::Failure, state::AppState},
};

/// The token that was presented.
///
/// # Errors
/// [`AppError::Unauthenticated`] if it was revoked meanwhile; the database is unavailable.
pub async fn show_itself(state: &AppState, who: &TokenClient) -> Result<TokenSummary, Failure> {
    let found = state.store.token_of(who.client().id, who.token()).await?;
    match found {
        Some(AnyToken::Active(token)) => Ok(token),
        Some(AnyToken::Revoked(_)) | None => Err(AppError::Unauthenticated.into()),
    }
}

/// Revokes the token that was presented. Once this returns, no later request with it succeeds.
///
/// # Errors
/// [`AppError::Unauthenticated`] if it has no right left that it could give up; the database is unavailable.
pub async fn revoke_itself(
    state: &AppState,
    who: &TokenClient,
    actor: Actor,
) -> Result<(), Failure> {
    let (client, now) = (who.client().id, state.clock.now());
    let actor = actor.into_token();
    let revoked = state
        .store
        .revoke_valid_token(client, who.hash(), &actor, now);
    let revoked = revoked.await?;
    revoked
        .map(|_| ())
        .ok_or_else(|| AppError::Unauthenticated.into())
}
