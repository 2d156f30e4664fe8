//! What the operator does with sessions.

use crate::{
    model::{
        client::Email,
        error::AppError,
        session::{SessionId, SessionSummary},
    },
    server::{
        clients,
        error::Failure,
        state::AppState,
        store::{MAX_SESSIONS, OverviewLimits},
    },
};

/// A client's sessions, the one that was used last first.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is unavailable.
pub async fn list_of(state: &AppState, client: &Email) -> Result<Vec<SessionSummary>, Failure> {
    let client = clients::by_email(state, client).await?;
    let now = state.clock.now();
    let limits = OverviewLimits {
        revoked_after: now,
        sessions: state.config.session_limits(now),
        lines: 0,
        tokens: 0,
        rows: u32::try_from(MAX_SESSIONS).unwrap_or(u32::MAX),
    };
    Ok(state.store.overview_of(client.id, limits).await?.sessions)
}

/// Ends any client's session.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such session; the database is unavailable.
pub async fn end_any(state: &AppState, id: SessionId) -> Result<(), Failure> {
    delete_ended(state).await?;
    if state
        .store
        .end_session_of_any(id, state.clock.now())
        .await?
    {
        return Ok(());
    }
    Err(AppError::NotFound.into())
}

/// Ends all sessions of a client. Returns how many there were.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is unavailable.
pub async fn end_all(state: &AppState, client: &Email) -> Result<u64, Failure> {
    let client = clients::by_email(state, client).await?;
    delete_ended(state).await?;
    let now = state.clock.now();
    Ok(state.store.end_all_sessions(client.id, now).await?)
}

/// Deletes the sessions that have ended by themselves, so that they do not count.
async fn delete_ended(state: &AppState) -> Result<(), Failure> {
    let limits = state.config.session_limits(state.clock.now());
    state.store.delete_ended_sessions(limits).await?;
    Ok(())
}
