//! The overview of a client's account.

use super::{
    error::Failure,
    session::SessionClient,
    state::AppState,
    store::{Overview, OverviewLimits},
};
use crate::model::timestamp::DAY;

/// Seconds for which a revoked token is shown.
const REVOKED: i64 = 30 * DAY;
/// Rows of each kind of the audit trail.
const LINES: u32 = 1;
/// Active tokens. With the rest they make a page of 200 kB at most, however long their names are.
const TOKENS: u32 = 50;
/// Rows of each other list.
const ROWS: u32 = 8;

/// The client's active tokens and those revoked in the last 30 days, their sessions, and the latest rows of each kind of
/// the audit trail.
///
/// # Errors
/// The database is unavailable.
pub async fn get(state: &AppState, who: &SessionClient) -> Result<Overview, Failure> {
    let now = state.clock.now();
    let limits = OverviewLimits {
        revoked_after: now.minus(REVOKED),
        sessions: state.config.session_limits(now),
        lines: LINES,
        tokens: TOKENS,
        rows: ROWS,
    };
    Ok(state.store.overview_of(who.client().id, limits).await?)
}
