//! The session of a request.

use super::{client::SessionClient, cookie};
use crate::{
    model::{
        session::SessionId,
        timestamp::{MINUTE, Timestamp},
    },
    server::{
        actor::Actor,
        error::{Failure, chain},
        state::AppState,
    },
};

/// The client whose session has this cookie; `None` if there is no such session or it has ended.
///
/// # Errors
/// The database is unavailable.
pub async fn find(
    state: &AppState,
    cookie: &str,
    actor: Actor,
) -> Result<Option<SessionClient>, Failure> {
    let Some(hash) = cookie::hash(cookie) else {
        return Ok(None);
    };
    let now = state.clock.now();
    let found = state
        .store
        .session_by_hash(hash, state.config.session_limits(now))
        .await?;
    Ok(found.map(|found| {
        let (unused, idle) = (
            now.seconds_since(found.last_seen_at),
            state.config.session_idle,
        );
        // Recorded once a minute, or more often where sessions are shorter than four minutes.
        let is_recorded = unused >= MINUTE.min(idle / 4);
        if is_recorded {
            touch(state, found.id, now);
        }
        SessionClient {
            session: found.id,
            idle_left: if is_recorded { idle } else { idle - unused },
            has_imports: found.has_imports,
            seconds_left: state.config.session_max - now.seconds_since(found.created_at),
            client: found.client.into(),
            actor: actor.with_session(found.id).into(),
        }
    }))
}

/// Records the session's use in the background, so that no page waits for the database's writer.
fn touch(state: &AppState, session: SessionId, now: Timestamp) {
    let store = state.store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.touch_session(session, now).await {
            tracing::warn!(cause = %chain(&error), "a session's use could not be recorded");
        }
    });
}
