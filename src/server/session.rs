//! Logging in, and the sessions that come of it.

use std::sync::Arc;

use super::{
    actor::Actor,
    error::{Failure, chain},
    password::{Password, Verdict},
    state::AppState,
    store::{NewActivity, NewSession, SessionLimits},
    token_secret::{SecretHash, random_base62},
};
use crate::domain::{
    activity::Event,
    client::{Client, ClientId, ClientStatus, Email},
    error::AppError,
    session::SessionId,
    timestamp::{DAY, MINUTE, Timestamp},
};

/// Characters of a session's cookie: 43 of base62 are 256 bits.
const COOKIE_LEN: usize = 43;
/// An address that a client logged in from so long ago, in seconds, is known to be theirs.
const KNOWN_FOR: i64 = 90 * DAY;

/// A client who came in by a session. Holding one is the proof: only [`find`] and [`log_in`] make it.
///
/// A bearer token makes a [`TokenClient`](super::tokens::TokenClient) instead, so what takes a
/// `SessionClient` can never be done with a token.
#[derive(Clone, Debug)]
pub struct SessionClient {
    session: SessionId,
    seconds_left: i64,
    idle_left: i64,
    client: Arc<Client>,
    actor: Arc<Actor>,
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

    /// After so many seconds it is over, however much it is used.
    pub fn seconds_left(&self) -> i64 {
        self.seconds_left
    }

    /// After so many seconds it is over, unless it is used again.
    pub fn idle_left(&self) -> i64 {
        self.idle_left
    }

    /// The client, and from where they act.
    pub fn actor(&self) -> &Actor {
        &self.actor
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
/// [`AppError::TooManyRequests`] after too many tries, before anything is hashed or told; the
/// database is away, or too many passwords wait to be hashed.
pub async fn log_in(
    state: &AppState,
    email: &str,
    password: Password,
    old_cookie: Option<&str>,
    actor: &Actor,
) -> Result<Option<SessionCookie>, Failure> {
    let parsed = email.parse::<Email>().ok();
    let account = parsed.as_ref().map_or_else(|| email.to_owned(), Email::key);
    state.limits.login(&account, actor.address)?;
    let known = match &parsed {
        Some(email) => state.store.client_by_email(email).await?,
        None => None,
    };
    let (client, stored) = known.map_or((None, None), |(client, stored)| (Some(client), stored));
    limit_new_address(state, &account, client.as_ref(), actor).await?;
    // Two copies: should the hash be too weak for today, it is made again from the second.
    let again = password.clone();
    let verdict = state.passwords.verify(password, stored.clone()).await?;
    let Some(client) = client else {
        let address = actor.address.map(tracing::field::display);
        tracing::info!(address, "login failed: there is no such client");
        return Ok(None);
    };
    if verdict == Verdict::Wrong || client.status == ClientStatus::Closed {
        record_failure(state, &client, actor);
        return Ok(None);
    }
    if verdict == Verdict::RightButWeak {
        let stronger = state.passwords.hash(again).await?;
        let stored = stored.unwrap_or_default();
        state
            .store
            .rehash_password(client.id, &stored, &stronger)
            .await?;
    }
    let actor = actor.clone().into_client();
    begin(state, &client, old_cookie, &actor, Some(Event::LoggedIn))
        .await
        .map(Some)
}

/// Writes the failure down beside the answer, which must not take longer for a client that there is.
fn record_failure(state: &AppState, client: &Client, actor: &Actor) {
    let failed = NewActivity::new(client.id, Event::LoginFailed, actor, state.clock.now());
    let store = state.store.clone();
    tokio::spawn(async move {
        if let Err(error) = store.record(failed).await {
            tracing::warn!(cause = %chain(&error), "a failed login could not be written down");
        }
    });
}

/// Guesses from everywhere at once are slowed down for each account. Where its owner has logged in
/// from before, the owner still can.
async fn limit_new_address(
    state: &AppState,
    account: &str,
    client: Option<&Client>,
    actor: &Actor,
) -> Result<(), Failure> {
    let Err(refusal) = state.limits.login_from_new_address(account) else {
        return Ok(());
    };
    let Some(address) = actor.address else {
        return Err(refusal.into());
    };
    // Nobody has the number 0: for an unknown address the same is asked, and the answer is no.
    let client = client.map_or(ClientId(0), |client| client.id);
    let since = state.clock.now().minus(KNOWN_FOR);
    if state
        .store
        .has_logged_in_from(client, address, since)
        .await?
    {
        return Ok(());
    }
    Err(refusal.into())
}

async fn begin(
    state: &AppState,
    client: &Client,
    old_cookie: Option<&str>,
    actor: &Actor,
    event: Option<Event>,
) -> Result<SessionCookie, Failure> {
    let cookie = random_base62(COOKIE_LEN);
    let now = state.clock.now();
    let new = NewSession {
        client: client.id,
        hash: SecretHash::of(&cookie),
        replaces: old_cookie.and_then(hash),
        user_agent: &actor.user_agent,
        at: now,
    };
    let activity = event.map(|event| NewActivity::new(client.id, event, actor, now));
    state.store.add_session(new, activity).await?;
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
pub async fn find(
    state: &AppState,
    cookie: &str,
    actor: Actor,
) -> Result<Option<SessionClient>, Failure> {
    let Some(hash) = hash(cookie) else {
        return Ok(None);
    };
    let now = state.clock.now();
    let found = state
        .store
        .session_by_hash(hash, limits(state, now))
        .await?;
    Ok(found.map(|found| {
        let (unused, idle) = (
            now.seconds_since(found.last_seen_at),
            state.config.session_idle,
        );
        // Not each use is written down, but each that a short session lives by.
        let is_noted = unused >= MINUTE.min(idle / 4);
        if is_noted {
            touch(state, found.id, now);
        }
        SessionClient {
            session: found.id,
            idle_left: if is_noted { idle } else { idle - unused },
            seconds_left: state.config.session_max - now.seconds_since(found.created_at),
            client: found.client.into(),
            actor: actor.into_client().into(),
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
/// [`AppError::Invalid`] if the current password is wrong or the new one may not be used,
/// [`AppError::TooManyRequests`] after too many tries; the database is away.
pub async fn change_password(
    state: &AppState,
    who: &SessionClient,
    current: Password,
    new: &str,
) -> Result<SessionCookie, Failure> {
    let client = &who.client;
    let new = Password::new("new_password", new, &client.own_words())?;
    // Whoever found an open session must not guess here what they may not guess at the login.
    state.limits.login(&client.email.key(), who.actor.address)?;
    let known = state.store.client_by_email(&client.email).await?;
    let stored = known.and_then(|(_, stored)| stored);
    if state.passwords.verify(current, stored).await? == Verdict::Wrong {
        let message = "This is not your current password.";
        return Err(AppError::invalid("current_password", message).into());
    }
    let hash = state.passwords.hash(new).await?;
    let changed = NewActivity::new(
        client.id,
        Event::PasswordChanged,
        &who.actor,
        state.clock.now(),
    );
    state.store.set_password(client.id, &hash, changed).await?;
    begin(state, client, None, &who.actor, None).await
}

fn limits(state: &AppState, now: Timestamp) -> SessionLimits {
    state.config.session_limits(now)
}
