//! Logging in, and the sessions that come of it.

use std::sync::Arc;

use super::{
    actor::Actor,
    admission::{Try, admit},
    device_cookie::DeviceCookie,
    error::{Failure, chain},
    password::{Password, Verdict},
    state::AppState,
    store::{NewActivity, NewSession, SessionLimits, StoreError},
    token_secret::{SecretHash, random_base62},
};
use crate::model::{
    activity::Event,
    client::{Client, ClientId, ClientStatus, Email},
    error::AppError,
    session::SessionId,
    timestamp::{MINUTE, Timestamp},
};

/// Characters of a session's cookie: 43 of base62 are 256 bits.
const COOKIE_LEN: usize = 43;
/// So often a password is checked that is changed meanwhile.
const CHECKS: usize = 3;

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

    /// Refuses what comes from another client's page: somebody else logged in since, in a browser
    /// that still shows it. Scripts need not say whose page theirs is.
    ///
    /// # Errors
    /// [`AppError::OtherClient`] if it is another's.
    pub fn check_page(&self, of: Option<ClientId>) -> Result<(), AppError> {
        if of.is_none_or(|of| of == self.client.id) {
            return Ok(());
        }
        Err(AppError::OtherClient {
            email: self.client.email.to_string(),
        })
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

/// The value of a session's cookie, and the device cookie that goes with it. It cannot be printed.
pub struct SessionCookie(String, DeviceCookie);

impl SessionCookie {
    /// A new one, for a client whose password has this hash.
    fn new(password_hash: &str) -> Self {
        Self(random_base62(COOKIE_LEN), DeviceCookie::of(password_hash))
    }

    /// The value itself, for `Set-Cookie`.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// By what the browser is known at the next login.
    pub fn device(&self) -> &DeviceCookie {
        &self.1
    }
}

fn hash(cookie: &str) -> Option<SecretHash> {
    let is_ours = cookie.len() == COOKIE_LEN && cookie.bytes().all(|b| b.is_ascii_alphanumeric());
    is_ours.then(|| SecretHash::of(cookie))
}

/// Checks email and password and begins a session, in the place of the one behind `old_cookie`.
///
/// `None` is the one answer for an unknown address, a wrong password and a closed client, and
/// each costs one password hash. A password that is changed while it is checked is checked again. `device` is the device
/// cookie that the browser sent.
///
/// # Errors
/// [`AppError::TooManyRequests`] after too many tries, before anything is hashed or told; the
/// database is away, or too many passwords wait to be hashed.
pub async fn log_in(
    state: &AppState,
    email: &str,
    password: Password,
    old_cookie: Option<&str>,
    device: Option<&str>,
    actor: &Actor,
) -> Result<Option<SessionCookie>, Failure> {
    let parsed = email.parse::<Email>().ok();
    let account = parsed.as_ref().map_or_else(|| email.to_owned(), Email::key);
    let counted = state.limits.login(&account, actor.address);
    if device.is_none() {
        // Nothing speaks for looking any further.
        counted?;
    }
    let tried = Try {
        account: &account,
        actor,
        device,
        counted,
    };
    for _ in 0..CHECKS {
        let Some(checked) = check(state, parsed.as_ref(), &password, tried).await? else {
            return Ok(None);
        };
        let cookie = begin(state, &checked, old_cookie, actor).await?;
        if cookie.is_some() {
            return Ok(cookie);
        }
    }
    Err(AppError::Unavailable.into())
}

/// A client with the stored hash that the password was checked against.
struct Checked {
    client: Client,
    password_hash: String,
}

/// The client, if this is their password and they may log in.
async fn check(
    state: &AppState,
    email: Option<&Email>,
    password: &Password,
    tried: Try<'_>,
) -> Result<Option<Checked>, Failure> {
    let known = match email {
        Some(email) => state.store.client_by_email(email).await?,
        None => None,
    };
    let (client, stored) = known.map_or((None, None), |(client, stored)| (Some(client), stored));
    let id = client.as_ref().map(|client| client.id);
    let place = admit(state, tried, id, stored.as_deref()).await?;
    let verdict = state
        .passwords
        .verify_at(place, password.clone(), stored.clone())
        .await?;
    let actor = tried.actor;
    let Some(client) = client else {
        let address = actor.address.map(tracing::field::display);
        tracing::info!(address, "login failed: there is no such client");
        return Ok(None);
    };
    if verdict == Verdict::Wrong || client.status == ClientStatus::Closed {
        let failed = NewActivity::new(client.id, Event::LoginFailed, actor, state.clock.now());
        state.failed_logins.note(failed);
        return Ok(None);
    }
    let mut password_hash = stored.unwrap_or_default();
    if verdict == Verdict::RightButWeak {
        let stronger = state.passwords.hash(password.clone()).await?;
        state
            .store
            .rehash_password(client.id, &password_hash, &stronger)
            .await?;
        password_hash = stronger;
    }
    state.failed_logins.flush_of(client.id).await;
    Ok(Some(Checked {
        client,
        password_hash,
    }))
}

/// Begins a session. `None` if the client's password or status was changed since it was checked.
async fn begin(
    state: &AppState,
    checked: &Checked,
    old_cookie: Option<&str>,
    actor: &Actor,
) -> Result<Option<SessionCookie>, Failure> {
    let cookie = SessionCookie::new(&checked.password_hash);
    let (client, now) = (checked.client.id, state.clock.now());
    let new = NewSession {
        client,
        password_hash: Some(&checked.password_hash),
        hash: SecretHash::of(cookie.expose()),
        replaces: old_cookie.and_then(hash),
        user_agent: &actor.user_agent,
        at: now,
    };
    let actor = actor.clone().into_client();
    let logged_in = NewActivity::new(client, Event::LoggedIn, &actor, now);
    let began = state.store.add_session(new, logged_in).await?;
    state
        .store
        .delete_ended_sessions(limits(state, now))
        .await?;
    Ok(began.map(|_| cookie))
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
            actor: actor.with_session(found.id).into(),
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
    let ending = state.store.end_session(who.client.id, id, &who.actor);
    if ending.await? {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// Ends the session that asks. If it has ended already, that is what was asked for.
///
/// # Errors
/// The database is away.
pub async fn log_out(state: &AppState, who: &SessionClient) -> Result<(), Failure> {
    match end(state, who, who.session).await {
        Err(Failure::Store(StoreError::SessionEnded)) => Ok(()),
        ended => ended,
    }
}

/// Ends all of the client's sessions but this one.
///
/// # Errors
/// The database is away.
pub async fn end_others(state: &AppState, who: &SessionClient) -> Result<u64, Failure> {
    Ok(state
        .store
        .end_other_sessions(who.client.id, who.session, &who.actor)
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
    // Whoever found an open session must not guess here what they may not guess at the login.
    state.limits.password(who.session)?;
    let new = state
        .passwords
        .accept("new_password", new, &client.own_words())
        .await?;
    let is_the_same = new == current;
    for _ in 0..CHECKS {
        let known = state.store.client_by_email(&client.email).await?;
        let stored = known.and_then(|(_, stored)| stored);
        let checking = state.passwords.verify(current.clone(), stored.clone());
        if checking.await? == Verdict::Wrong {
            let message = "This is not your current password.";
            return Err(AppError::invalid("current_password", message).into());
        }
        if is_the_same {
            let message = "This is your current password. Choose a new one.";
            return Err(AppError::invalid("new_password", message).into());
        }
        let hash = state.passwords.hash(new.clone()).await?;
        let cookie = SessionCookie::new(&hash);
        let now = state.clock.now();
        let session = NewSession {
            client: client.id,
            password_hash: stored.as_deref(),
            hash: SecretHash::of(cookie.expose()),
            replaces: None,
            user_agent: &who.actor.user_agent,
            at: now,
        };
        let changed = NewActivity::new(client.id, Event::PasswordChanged, &who.actor, now);
        let changing = state.store.change_password(&hash, session, changed);
        if changing.await?.is_some() {
            return Ok(cookie);
        }
    }
    Err(AppError::Unavailable.into())
}

fn limits(state: &AppState, now: Timestamp) -> SessionLimits {
    state.config.session_limits(now)
}
