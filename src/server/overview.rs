//! What a client sees of its own account at a glance.

use super::{
    error::Failure,
    session::SessionClient,
    state::AppState,
    store::{Overview, OverviewLimits},
};
use crate::model::timestamp::DAY;

/// Seconds for which a revoked token is still shown.
const REVOKED: i64 = 30 * DAY;
/// Lines of each kind of the trail.
const LINES: u32 = 4;
/// Active tokens: together with the rest a page of 200 kB at most, whatever names they have.
const TOKENS: u32 = 50;
/// Rows of each other list.
const ROWS: u32 = 20;

/// The client's tokens with those revoked in the last 30 days, its sessions, and the last things of each kind that
/// happened.
///
/// # Errors
/// The database is away.
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
