//! A client's view of their tokens.

use crate::{
    model::{
        error::AppError,
        timestamp::Timestamp,
        token::{AnyToken, TokenId, TokenSummary},
        usage::TokenUsage,
    },
    server::{error::Failure, session::SessionClient, state::AppState},
};

/// The newest of the client's active tokens that are older than `before`.
///
/// # Errors
/// The database is unavailable.
pub async fn list(
    state: &AppState,
    who: &SessionClient,
    before: Option<TokenId>,
    limit: u32,
) -> Result<Vec<TokenSummary>, Failure> {
    let client = who.client().id;
    Ok(state.store.tokens_before(client, before, limit).await?)
}

/// How many active tokens the client has.
///
/// # Errors
/// The database is unavailable.
pub async fn count(state: &AppState, who: &SessionClient) -> Result<usize, Failure> {
    Ok(state.store.count_tokens_of(who.client().id).await?)
}

/// When the client last called the API, whether or not that token is still active.
///
/// # Errors
/// The database is unavailable.
pub async fn last_call(
    state: &AppState,
    who: &SessionClient,
) -> Result<Option<Timestamp>, Failure> {
    Ok(state.store.last_use_of(who.client().id).await?)
}

/// One of the client's tokens, also a revoked one.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such token of theirs; the database is unavailable.
pub async fn get(state: &AppState, who: &SessionClient, id: TokenId) -> Result<AnyToken, Failure> {
    let found = state.store.token_of(who.client().id, id).await?;
    found.ok_or_else(|| AppError::NotFound.into())
}

/// How one of the client's tokens was used, also one that is revoked.
///
/// # Errors
/// The database is unavailable.
pub async fn usage(
    state: &AppState,
    who: &SessionClient,
    id: TokenId,
) -> Result<TokenUsage, Failure> {
    let usage = state.store.usage_of(who.client().id, id, state.clock.now());
    Ok(usage.await?)
}
