//! The end of a session.

use super::client::SessionClient;
use crate::{
    model::{error::AppError, session::SessionId},
    server::{error::Failure, state::AppState, store::StoreError},
};

/// Ends one of the client's sessions, this one included.
///
/// # Errors
/// [`AppError::NotFound`] if the client has no such session; the database is unavailable.
pub async fn end(state: &AppState, who: &SessionClient, id: SessionId) -> Result<(), Failure> {
    let now = state.clock.now();
    let ending = state
        .store
        .end_session(who.client().id, id, who.actor(), now);
    if ending.await? {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// Ends the session of the request. Succeeds if it has ended already.
///
/// # Errors
/// The database is unavailable.
pub async fn log_out(state: &AppState, who: &SessionClient) -> Result<(), Failure> {
    match end(state, who, who.session()).await {
        Err(Failure::Store(StoreError::SessionEnded)) => Ok(()),
        ended => ended,
    }
}

/// Ends all of the client's sessions but this one.
///
/// # Errors
/// The database is unavailable.
pub async fn end_others(state: &AppState, who: &SessionClient) -> Result<u64, Failure> {
    Ok(state
        .store
        .end_other_sessions(
            who.client().id,
            who.session(),
            who.actor(),
            state.clock.now(),
        )
        .await?)
}
