//! What the operator does with tokens.

use crate::{
    model::{
        client::Email,
        error::AppError,
        token::{TokenId, TokenSummary},
    },
    server::{actor::Actor, clients, error::Failure, state::AppState, store::Revocation},
};

/// A client's active tokens.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is unavailable.
pub async fn list_of(state: &AppState, owner: &Email) -> Result<Vec<TokenSummary>, Failure> {
    let owner = clients::by_email(state, owner).await?;
    Ok(state.store.tokens_of(owner.id).await?)
}

/// Revokes all active tokens of a client, and returns them.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is unavailable.
pub async fn revoke_all_of(state: &AppState, owner: &Email) -> Result<Vec<TokenSummary>, Failure> {
    let owner = clients::by_email(state, owner).await?;
    let (actor, now) = (Actor::operator(), state.clock.now());
    Ok(state.store.revoke_all_tokens(owner.id, &actor, now).await?)
}

/// Revokes any client's token.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such token; the database is unavailable.
pub async fn revoke_any(state: &AppState, id: TokenId) -> Result<Revocation, Failure> {
    let revoked = state
        .store
        .revoke_token(None, id, &Actor::operator(), state.clock.now())
        .await?;
    revoked.ok_or_else(|| AppError::NotFound.into())
}
