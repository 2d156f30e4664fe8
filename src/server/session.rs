//! Logging in, and the sessions that come of it.

use std::sync::Arc;

use super::{
    error::{Failure, chain},
    password::{Password, Verdict},
    state::AppState,
    store::SessionLimits,
    token_secret::{SecretHash, random_base62},
};
use crate::domain::{
    client::{Client, ClientStatus, Email},
    error::AppError,
    session::{SessionId, SessionSummary},
    timestamp::{MINUTE, Timestamp},
};

/// Characters of a session's cookie: 43 of base62 are 256 bits.
const COOKIE_LEN: usize = 43;
/// What is kept of a browser's own description, in characters.
const USER_AGENT_LEN: usize = 200;

/// A client who came in by a session. Holding one is the proof: only [`find`] and [`log_in`] make it.
///
/// A bearer token makes a [`TokenClient`](super::tokens::TokenClient) instead, so what takes a
/// `SessionClient` can never be done with a token.
#[derive(Clone, Debug)]
pub struct SessionClient {
    session: SessionId,
    client: Arc<Client>,
}

impl SessionClient {
    /// Whose session it is.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Which session it is.
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// Who a request comes from, as far as its cookie tells.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// A client with a session.
    Client(SessionClient),
    /// Nobody we know.
    Anonymous,
    /// It could not be found out: the database is away. That never passes for either of the others.
    Unknown(AppError),
}

impl Visitor {
    /// The client, if it is one.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] if it is not, or what kept us from finding out.
    pub fn client(self) -> Result<SessionClient, AppError> {
        match self {
            Self::Client(who) => Ok(who),
            Self::Anonymous => Err(AppError::Unauthenticated),
            Self::Unknown(error) => Err(error),
        }
    }
}

/// The value of a session's cookie. It cannot be printed.
pub struct SessionCookie(String);

impl SessionCookie {
    /// The value itself, for `Set-Cookie`.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn hash(cookie: &str) -> Option<SecretHash> {
    let is_ours = cookie.len() == COOKIE_LEN && cookie.bytes().all(|b| b.is_ascii_alphanumeric());
    is_ours.then(|| SecretHash::of(cookie))
}

/// Checks email and password and begins a session, in the place of the one behind `old_cookie`.
///
/// `None` is the one answer for an unknown address, a wrong password and a closed client, and
/// each costs one password hash.
///
/// # Errors
/// The database is away, or too many passwords wait to be hashed.
pub async fn log_in(
    state: &AppState,
    email: &str,
    password: Password,
    old_cookie: Option<&str>,
    user_agent: &str,
) -> Result<Option<SessionCookie>, Failure> {
    let known = match email.parse::<Email>() {
        Ok(email) => state.store.client_by_email(&email).await?,
        Err(_) => None,
    };
    let (client, stored) = known.map_or((None, None), |(client, stored)| (Some(client), stored));
    // Two copies: should the hash be too weak for today, it is made again from the second.
    let again = password.clone();
    let verdict = state.passwords.verify(password, stored).await?;
    let Some(client) = client else {
        return Ok(None);
    };
    if verdict == Verdict::Wrong || client.status == ClientStatus::Closed {
        return Ok(None);
    }
    if verdict == Verdict::RightButWeak {
        let stronger = state.passwords.hash(again).await?;
        state.store.rehash_password(client.id, &stronger).await?;
    }
    begin(state, &client, old_cookie, user_agent)
        .await
        .map(Some)
}

async fn begin(
    state: &AppState,
    client: &Client,
    old_cookie: Option<&str>,
    user_agent: &str,
) -> Result<SessionCookie, Failure> {
    let cookie = random_base62(COOKIE_LEN);
    let now = state.clock.now();
    let user_agent: String = user_agent.chars().take(USER_AGENT_LEN).collect();
    let replaces = old_cookie.and_then(hash);
    let new = SecretHash::of(&cookie);
    state
        .store
        .add_session(client.id, new, replaces, &user_agent, now)
        .await?;
    state
        .store
        .delete_ended_sessions(limits(state, now))
        .await?;
    Ok(SessionCookie(cookie))
}

/// The client whose session has this cookie; `None` if there is no such session or it is over.
///
/// # Errors
/// The database is away.
pub async fn find(state: &AppState, cookie: &str) -> Result<Option<SessionClient>, Failure> {
    let Some(hash) = hash(cookie) else {
        return Ok(None);
    };
    let now = state.clock.now();
    let found = state
        .store
        .session_by_hash(hash, limits(state, now))
        .await?;
    Ok(found.map(|(session, last_seen, client)| {
        if now.seconds_since(last_seen) >= MINUTE {
            touch(state, session, now);
        }
        SessionClient {
            session,
            client: client.into(),
        }
    }))
}

/// Notes the session's use beside the request, so that a busy writer never holds up a page.
fn touch(state: &AppState, session: SessionId, now: Timestamp) {
    let store = state.store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.touch_session(session, now).await {
            tracing::warn!(cause = %chain(&error), "a session's use could not be written down");
        }
    });
}

/// The client's sessions, last seen first.
///
/// # Errors
/// The database is away.
pub async fn list(state: &AppState, who: &SessionClient) -> Result<Vec<SessionSummary>, Failure> {
    let limits = limits(state, state.clock.now());
    Ok(state.store.sessions_of(who.client.id, limits).await?)
}

/// Ends one of the client's sessions, this one included.
///
/// # Errors
/// [`AppError::NotFound`] if the client has no such session; the database is away.
pub async fn end(state: &AppState, who: &SessionClient, id: SessionId) -> Result<(), Failure> {
    if state.store.end_session(who.client.id, id).await? {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// Ends all of the client's sessions but this one.
///
/// # Errors
/// The database is away.
pub async fn end_others(state: &AppState, who: &SessionClient) -> Result<u64, Failure> {
    Ok(state
        .store
        .end_other_sessions(who.client.id, who.session)
        .await?)
}

/// Sets a new password. All sessions end; the one returned takes this one's place.
///
/// # Errors
/// [`AppError::Invalid`] if the current password is wrong; the database is away.
pub async fn change_password(
    state: &AppState,
    who: &SessionClient,
    current: Password,
    new: Password,
    user_agent: &str,
) -> Result<SessionCookie, Failure> {
    let known = state.store.client_by_email(&who.client.email).await?;
    let stored = known.and_then(|(_, stored)| stored);
    if state.passwords.verify(current, stored).await? == Verdict::Wrong {
        return Err(
            AppError::invalid("current_password", "This is not your current password.").into(),
        );
    }
    let hash = state.passwords.hash(new).await?;
    state.store.set_password(who.client.id, &hash).await?;
    begin(state, &who.client, None, user_agent).await
}

fn limits(state: &AppState, now: Timestamp) -> SessionLimits {
    state.config.session_limits(now)
}
