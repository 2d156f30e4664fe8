//! Links with which clients choose a password: invitations, and when they forgot the one they had.

mod secret;

pub use self::secret::LinkSecret;
use super::{
    actor::Actor,
    clients,
    error::Failure,
    state::AppState,
    store::{FoundLink, Invitation, Invited},
    token_secret::holds_secret,
};
use crate::model::{client::Email, error::AppError, field};

/// Has a link to choose another password mailed to the client with this email address. Succeeds alike, with the same work,
/// if there is none, or if they were sent three within an hour.
///
/// # Errors
/// [`AppError::NotFound`] where mail is not set, [`AppError::Invalid`] if it is no email address,
/// [`AppError::TooManyRequests`] over a rate limit; the database is unavailable.
pub async fn ask_for_reset(state: &AppState, email: &str, actor: &Actor) -> Result<(), Failure> {
    if state.config.mail.is_none() {
        return Err(AppError::NotFound.into());
    }
    let parsed = email.parse::<Email>().ok();
    let parsed = parsed.filter(|_| !holds_secret(email));
    let account = parsed.as_ref().map(Email::key).unwrap_or_default();
    state.limits.link(&account, actor.address)?;
    let Some(email) = parsed else {
        let message = "Enter an email address like name@example.com.";
        return Err(AppError::invalid(field::EMAIL, message).into());
    };
    let now = state.clock.now();
    Ok(state.store.ask_for_reset(&email, actor, now).await?)
}

/// The valid link with this secret.
///
/// # Errors
/// [`AppError::NotFound`] if there is none (any more); the database is unavailable.
pub async fn find(state: &AppState, secret: &str) -> Result<FoundLink, Failure> {
    let secret = LinkSecret::parse(secret).ok_or(AppError::NotFound)?;
    let finding = state.store.link_by_hash(secret.hash(), state.clock.now());
    Ok(finding.await?.ok_or(AppError::NotFound)?)
}

/// Sets the password that the holder of a link has typed, ends all sessions and the link, and revokes all tokens if that
/// is wanted.
///
/// # Errors
/// [`AppError::NotFound`] if the link is not valid (any more), [`AppError::Invalid`] if the password may not be used,
/// [`AppError::TooManyRequests`] over a rate limit; the database is unavailable.
pub async fn set_password(
    state: &AppState,
    secret: &str,
    password: &str,
    revoke_tokens: bool,
    actor: &Actor,
) -> Result<(), Failure> {
    let hash = LinkSecret::parse(secret).ok_or(AppError::NotFound)?.hash();
    let client = find(state, secret).await?.client;
    state.limits.link(&client.email.key(), actor.address)?;
    let own_words = client.own_words();
    let accepting = state
        .passwords
        .accept(field::NEW_PASSWORD, password, &own_words);
    let password_hash = state.passwords.hash(accepting.await?).await?;
    // Whoever has the link reads the client's mail, and counts as the client.
    let actor = actor.clone().into_client();
    let setting = state.store.set_password_by_link(
        hash,
        client.id,
        &password_hash,
        revoke_tokens,
        &actor,
        state.clock.now(),
    );
    if setting.await? {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// How an invitation reaches the client.
#[derive(Debug)]
pub enum Delivery {
    /// By mail.
    Mail,
    /// By the operator, who is shown this link.
    Print(LinkSecret),
}

impl Delivery {
    /// By mail, where that is set.
    pub fn of(state: &AppState) -> Self {
        match state.config.mail {
            Some(_) => Self::Mail,
            None => Self::Print(LinkSecret::generate()),
        }
    }

    /// The invitation that is delivered so.
    pub fn invitation(&self) -> Invitation {
        match self {
            Self::Mail => Invitation::Mail,
            Self::Print(secret) => Invitation::Print(secret.hash()),
        }
    }
}

/// Invites a client who has no password to choose one.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is unavailable.
pub async fn invite(
    state: &AppState,
    email: &Email,
    delivery: &Delivery,
) -> Result<Invited, Failure> {
    let client = clients::by_email(state, email).await?;
    let (by, actor) = (delivery.invitation(), Actor::operator());
    let inviting = state.store.invite(client.id, by, &actor, state.clock.now());
    Ok(inviting.await?)
}
