//! What happened in a client's account.

use super::{error::Failure, state::AppState};
use crate::domain::{activity::Activity, client::Email};

/// Lines that the command line shows.
const LISTED: u32 = 1_000;

/// The operator's view: the last 1,000 things, newest first.
///
/// # Errors
/// [`AppError::NotFound`](crate::domain::error::AppError::NotFound) if there is no such client; the
/// database is away.
pub async fn list_of(state: &AppState, owner: &Email) -> Result<Vec<Activity>, Failure> {
    let owner = super::clients::by_email(state, owner).await?;
    Ok(state.store.activity_of(owner.id, LISTED).await?)
}
