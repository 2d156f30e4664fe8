//! What happened in a client's account.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    error::{Failure, chain},
    session::SessionClient,
    state::AppState,
    store::{MAX_ROWS, NewActivity, TrailPart},
};
use crate::domain::{activity::Activity, client::ClientId};

/// Lines of a page.
const LINES: u32 = 50;
/// Seconds after which it is tried again to write a line.
const AGAIN_AFTER: [u64; 5] = [1, 2, 4, 8, 16];

/// A part of the client's own trail, newest first, and whether there is more of it.
///
/// # Errors
/// The database is away.
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

/// The operator's view: up to 1,000 lines, newest first. Nothing: there are no more.
///
/// # Errors
/// The database is away.
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

/// Writes a line down beside the answer to a request, which does not wait for it. It is tried for half a minute; should
/// a commit have been done that was not answered, the line is there twice. What the trail lacks in the end is in the log.
pub fn record_beside(state: &AppState, line: NewActivity) {
    let store = state.store.clone();
    tokio::spawn(async move {
        let mut waits = AGAIN_AFTER.into_iter();
        while let Err(error) = store.record(line.clone()).await {
            let cause = chain(&error);
            let Some(seconds) = waits.next() else {
                tracing::error!(%cause, %line, "a line of the trail could not be written down");
                return;
            };
            tracing::warn!(%cause, "a line of the trail could not be written down yet");
            sleep(Duration::from_secs(seconds)).await;
        }
    });
}
