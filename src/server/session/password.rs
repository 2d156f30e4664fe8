//! A client's change of their own password.

use super::{MAX_CHECKS, client::SessionClient, cookie::SessionCookie};
use crate::{
    model::{activity::Event, error::AppError},
    server::{
        error::Failure,
        password::{Password, Verdict},
        state::AppState,
        store::{NewActivity, NewSession},
        token_secret::SecretHash,
    },
};

/// Sets a new password. Ends all sessions; the returned one replaces that of the request.
///
/// # Errors
/// [`AppError::Invalid`] if the current password is wrong or the new one may not be used,
/// [`AppError::TooManyRequests`] over the rate limit; the database is unavailable.
pub async fn change_password(
    state: &AppState,
    who: &SessionClient,
    current: Password,
    new: &str,
) -> Result<SessionCookie, Failure> {
    let client = who.client();
    // Guessing here is limited as at the login, for whoever finds an open session.
    state.limits.password(who.session())?;
    let new = state
        .passwords
        .accept("new_password", new, &client.own_words())
        .await?;
    let is_the_same = new == current;
    for _ in 0..MAX_CHECKS {
        let known = state.store.client_by_email(&client.email).await?;
        let stored = known.and_then(|(_, stored)| stored);
        let checking = state.passwords.verify(current.clone(), stored.clone());
        if checking.await? == Verdict::Wrong {
            let (by, now) = (who.actor(), state.clock.now());
            let refused = NewActivity::new(client.id, Event::PasswordRefused, by, now);
            state.failed_logins.note(refused);
            let message = "Current password is incorrect.";
            return Err(AppError::invalid("current_password", message).into());
        }
        if is_the_same {
            let message = "This is your current password. Choose a new one.";
            return Err(AppError::invalid("new_password", message).into());
        }
        let hash = state.passwords.hash(new.clone()).await?;
        let cookie = SessionCookie::generate(&hash);
        let now = state.clock.now();
        let session = NewSession {
            client: client.id,
            password_hash: stored.as_deref(),
            hash: SecretHash::of(cookie.expose()),
            replaces: None,
            user_agent: &who.actor().user_agent,
            at: now,
        };
        let changed = NewActivity::new(client.id, Event::PasswordChanged, who.actor(), now);
        let changing = state.store.change_password(&hash, session, changed);
        if changing.await?.is_some() {
            return Ok(cookie);
        }
    }
    Err(AppError::Unavailable.into())
}
