//! A client's view of their tokens.

use crate::{
    model::{
        error::AppError,
        timestamp::{DAY, Timestamp},
        token::{AnyToken, TokenCounts, TokenId, TokenSummary, UNUSED_DAYS},
        usage::{BusyToken, DailyCalls, RefusedCalls, TokenUsage},
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
pub async fn count(state: &AppState, who: &SessionClient) -> Result<TokenCounts, Failure> {
    let unused_since = state.clock.now().minus(UNUSED_DAYS * DAY);
    let client = who.client().id;
    Ok(state.store.count_tokens_of(client, unused_since).await?)
}

/// Calls with any of the client's tokens, by day.
///
/// # Errors
/// The database is unavailable.
pub async fn calls(state: &AppState, who: &SessionClient) -> Result<DailyCalls, Failure> {
    Ok(state
        .store
        .calls_of(who.client().id, state.clock.now())
        .await?)
}

/// The active tokens that were used most, the busiest first.
///
/// # Errors
/// The database is unavailable.
pub async fn busiest(
    state: &AppState,
    who: &SessionClient,
    limit: u32,
) -> Result<Vec<BusyToken>, Failure> {
    let (client, now) = (who.client().id, state.clock.now());
    Ok(state.store.busiest_tokens_of(client, now, limit).await?)
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

/// Calls of the last days that were refused, with the client's active tokens.
///
/// # Errors
/// The database is unavailable.
pub async fn refused_calls(state: &AppState, who: &SessionClient) -> Result<RefusedCalls, Failure> {
    let (client, now) = (who.client().id, state.clock.now());
    Ok(state.store.refused_calls_of(client, now).await?)
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
