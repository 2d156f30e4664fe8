//! Logging in.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    MAX_CHECKS,
    cookie::{self, SessionCookie},
};
use crate::{
    model::{
        activity::Event,
        client::{Client, ClientStatus, Email},
        error::AppError,
    },
    server::{
        actor::Actor,
        admission::{Try, admit},
        error::Failure,
        limits::Exceeded,
        metrics,
        password::{Password, PasswordError, Verdict},
        state::AppState,
        store::{NewActivity, NewSession},
        token_secret::SecretHash,
    },
};

/// How much later a refusal of the rate limits is sent. Whoever tries passwords in a loop waits for it, instead of using
/// the CPU time of everybody else: over 64 connections at most 256 refusals a second, and 8,800 without it.
const REFUSAL_DELAY: Duration = Duration::from_millis(250);

/// Checks email and password and begins a session, which replaces that of `old_cookie`.
///
/// Returns `None` alike for an unknown email address, a wrong password and a closed client; each costs one password
/// hash. If the password is changed during the check, it is checked again. `device` is the device cookie of the request.
///
/// # Errors
/// [`AppError::TooManyRequests`] over a rate limit, before anything is hashed, and a quarter of a second late; the database
/// is unavailable, or too many passwords are queued for hashing.
pub async fn log_in(
    state: &AppState,
    email: &str,
    password: Password,
    old_cookie: Option<&str>,
    device: Option<&str>,
    actor: &Actor,
) -> Result<Option<SessionCookie>, Failure> {
    let began = try_to_log_in(state, email, password, old_cookie, device, actor).await;
    metrics::count(&metrics::LOGINS, outcome(&began));
    if let Err(Failure::Refused(AppError::TooManyRequests { .. })) = began {
        sleep(REFUSAL_DELAY).await;
    }
    began
}

/// The word by which it is counted.
fn outcome(began: &Result<Option<SessionCookie>, Failure>) -> &'static str {
    match began {
        Ok(Some(_)) => "logged_in",
        Ok(None) => "wrong",
        Err(Failure::Refused(AppError::TooManyRequests { .. })) => "limited",
        Err(Failure::Password(PasswordError::Busy)) => "busy",
        Err(_) => "failed",
    }
}

async fn try_to_log_in(
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
        // A browser without a device cookie is a stranger: no other limit applies to it.
        counted.map_err(Exceeded::report)?;
    }
    let tried = Try {
        account: &account,
        actor,
        device,
        counted,
    };
    for _ in 0..MAX_CHECKS {
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

/// A client, with the stored hash that the password was checked against.
struct Checked {
    client: Client,
    password_hash: String,
}

/// Returns the client if the password is right and they may log in.
async fn check(
    state: &AppState,
    email: Option<&Email>,
    password: &Password,
    tried: Try<'_>,
) -> Result<Option<Checked>, Failure> {
    let known = async {
        match email {
            Some(email) => state.store.client_by_email(email).await,
            None => Ok(None),
        }
    };
    // Together, so that it takes no longer than one of them.
    let (known, bcrypt_cost) = tokio::try_join!(known, state.store.highest_bcrypt_cost())?;
    let (client, stored) = known.map_or((None, None), |(client, stored)| (Some(client), stored));
    let id = client.as_ref().map(|client| client.id);
    let place = admit(state, tried, id, stored.as_deref()).await?;
    let verdict = state
        .passwords
        .verify_at(place, password.clone(), stored.clone(), bcrypt_cost)
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

/// Begins a session. `None` if the client's password or status has changed since the check.
async fn begin(
    state: &AppState,
    checked: &Checked,
    old_cookie: Option<&str>,
    actor: &Actor,
) -> Result<Option<SessionCookie>, Failure> {
    let new_cookie = SessionCookie::generate(&checked.password_hash);
    let (client, now) = (checked.client.id, state.clock.now());
    let new = NewSession {
        client,
        password_hash: Some(&checked.password_hash),
        hash: SecretHash::of(new_cookie.expose()),
        replaces: old_cookie.and_then(cookie::hash),
        user_agent: &actor.user_agent,
        at: now,
    };
    let actor = actor.clone().into_client();
    let logged_in = NewActivity::new(client, Event::LoggedIn, &actor, now);
    let began = state.store.add_session(new, logged_in).await?;
    state
        .store
        .delete_ended_sessions(state.config.session_limits(now))
        .await?;
    Ok(began.map(|_| new_cookie))
}
