//! What happened in a client's account.

use super::{error::Failure, session::SessionClient, state::AppState};
use crate::domain::{activity::Activity, client::Email};

/// Lines that the Profile page shows.
const RECENT: u32 = 20;
/// Lines that the command line shows.
const LISTED: u32 = 1_000;

/// The last 20 things that happened, newest first.
///
/// # Errors
/// The database is away.
pub async fn recent(state: &AppState, who: &SessionClient) -> Result<Vec<Activity>, Failure> {
    Ok(state.store.activity_of(who.client().id, RECENT).await?)
}

/// The operator's view: the last 1,000 things, newest first.
///
/// # Errors
/// [`AppError::NotFound`](crate::domain::error::AppError::NotFound) if there is no such client; the
/// database is away.
pub async fn list_of(state: &AppState, owner: &Email) -> Result<Vec<Activity>, Failure> {
    let owner = super::clients::by_email(state, owner).await?;
    Ok(state.store.activity_of(owner.id, LISTED).await?)
}
