//! The audit trail of a client's account.

use super::{
    error::Failure,
    session::SessionClient,
    state::AppState,
    store::{MAX_ROWS, TrailPart},
};
use crate::model::{
    activity::{Activity, Event, MAX_RECENT, RECENT_DAYS},
    client::ClientId,
    timestamp::DAY,
};

/// Rows of a page.
const LINES: u32 = 50;

/// A part of the client's own audit trail, newest first, and whether there is more of it.
///
/// # Errors
/// The database is unavailable.
pub async fn page(
    state: &AppState,
    who: &SessionClient,
    part: TrailPart,
) -> Result<(Vec<Activity>, bool), Failure> {
    let client = who.client().id;
    let lines = state.store.activity_before(client, part, LINES + 1).await?;
    let has_more = lines.len() > LINES as usize;
    Ok((lines.into_iter().take(LINES as usize).collect(), has_more))
}

/// The client's last `limit` events, newest first.
///
/// # Errors
/// The database is unavailable.
pub async fn latest(
    state: &AppState,
    who: &SessionClient,
    limit: u32,
) -> Result<Vec<Activity>, Failure> {
    Ok(state.store.activity_of(who.client().id, limit).await?)
}

/// How many events of a kind there were in the last [`RECENT_DAYS`] days; [`MAX_RECENT`] if there were more.
///
/// # Errors
/// The database is unavailable.
pub async fn count_recent(
    state: &AppState,
    who: &SessionClient,
    event: Event,
) -> Result<usize, Failure> {
    let since = state.clock.now().minus(RECENT_DAYS * DAY);
    let client = who.client().id;
    Ok(state
        .store
        .count_recent(client, event, since, MAX_RECENT)
        .await?)
}

/// The operator's view: up to 1,000 rows, newest first.
///
/// # Errors
/// The database is unavailable.
pub async fn list_of(
    state: &AppState,
    client: ClientId,
    before: Option<i64>,
) -> Result<Vec<Activity>, Failure> {
    let part = TrailPart {
        before,
        ..TrailPart::default()
    };
    Ok(state.store.activity_before(client, part, MAX_ROWS).await?)
}
