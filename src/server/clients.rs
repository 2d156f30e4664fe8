//! Clients: the operator's work on them, and what they may change of themselves.

use sha2::{Digest, Sha256};

use super::{
    actor::Actor,
    error::Failure,
    password::Password,
    session::SessionClient,
    state::AppState,
    store::{MAX_ROWS, NewActivity, NewClient},
    tokens::holds_secret,
};
use crate::model::{
    activity::Event,
    client::{Client, ClientId, ClientStatus, Email},
    contact::{Check, Contact},
    error::AppError,
    field,
};

/// Adds a client, who can log in if there is a password.
///
/// # Errors
/// [`AppError::Invalid`] if the address is taken; the database is away.
pub async fn add(
    state: &AppState,
    mut new: NewClient,
    password: Option<Password>,
) -> Result<ClientId, Failure> {
    if let Some(password) = password {
        new.password_hash = Some(state.passwords.hash(password).await?);
    }
    let added = state.store.add_client(&new, state.clock.now()).await?;
    added.ok_or_else(|| AppError::invalid(field::EMAIL, "a client has this email already").into())
}

/// Up to 1,000 clients after `last`, oldest first. Nothing: there are no more.
///
/// # Errors
/// The database is away.
pub async fn list_after(state: &AppState, last: Option<ClientId>) -> Result<Vec<Client>, Failure> {
    Ok(state.store.clients_after(last, MAX_ROWS).await?)
}

/// The client with this address.
///
/// # Errors
/// [`AppError::NotFound`] if there is none; the database is away.
pub async fn by_email(state: &AppState, email: &Email) -> Result<Client, Failure> {
    let found = state.store.client_by_email(email).await?;
    found
        .map(|(client, _)| client)
        .ok_or_else(|| AppError::NotFound.into())
}

/// Sets a password and ends the client's sessions.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client, [`AppError::Invalid`] for a password that may
/// not be used; the database is away.
pub async fn set_password(state: &AppState, email: &Email, password: &str) -> Result<(), Failure> {
    let client = by_email(state, email).await?;
    let password = state
        .passwords
        .accept("password", password, &client.own_words())
        .await?;
    let hash = state.passwords.hash(password).await?;
    let changed = by_operator(state, client.id, Event::PasswordChanged);
    Ok(state.store.set_password(client.id, &hash, changed).await?)
}

/// Sets what a client may do; `false` if it might do the same before. Closing it ends its sessions,
/// and its tokens answer the 401.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such client; the database is away.
pub async fn set_status(
    state: &AppState,
    email: &Email,
    status: ClientStatus,
) -> Result<bool, Failure> {
    let client = by_email(state, email).await?;
    let changed = by_operator(state, client.id, Event::StatusChanged);
    Ok(state.store.set_status(client.id, status, changed).await?)
}

/// A hash of contact data, for [`field::VERSION`].
pub fn version(contact: &Contact) -> String {
    // No field holds a line end.
    let hash = Sha256::digest(contact.values().join("\n"));
    let begin = hash[..8].iter();
    let number = begin.fold(0, |number: u64, byte| (number << 8) | u64::from(*byte));
    format!("{number:016x}")
}

/// Changes what a client may change of its own data; `fields` gives what was typed, by field.
/// `false` if nothing was typed that was not there before.
///
/// # Errors
/// [`AppError::Suspended`] for a suspended client, [`AppError::Invalid`] for the first field that is
/// refused, [`AppError::ChangedMeanwhile`] if the form was made with other details than are stored
/// now; the database is away.
pub async fn set_details(
    state: &AppState,
    who: &SessionClient,
    fields: impl Fn(&str) -> String,
) -> Result<bool, Failure> {
    if who.client().status != ClientStatus::Active {
        return Err(AppError::Suspended.into());
    }
    let read = |field: &str, check: Check| {
        let typed = fields(field);
        if holds_secret(&typed) {
            let message = "This is an API token, and what is saved here can be read again.";
            return Err(AppError::invalid(field, message));
        }
        check(&typed).map_err(|message| AppError::invalid(field, message))
    };
    let new = Contact::read(read)?;
    if new.name.is_empty() {
        return Err(AppError::invalid(field::NAME, "Give your name.").into());
    }
    let id = who.client().id;
    let changed = NewActivity::new(id, Event::DetailsChanged, who.actor(), state.clock.now());
    let made_with = fields(field::VERSION);
    let is_current = |old: &Contact| made_with.is_empty() || made_with == version(old);
    let old = state
        .store
        .set_details(id, &new, is_current, changed)
        .await?;
    match (old == new, is_current(&old)) {
        (true, true) => Ok(false),
        // What was typed is there already: the form was sent twice.
        (true, false) | (false, true) => Ok(true),
        (false, false) => Err(AppError::ChangedMeanwhile.into()),
    }
}

fn by_operator(state: &AppState, client: ClientId, event: Event) -> NewActivity {
    NewActivity::new(client, event, &Actor::operator(), state.clock.now())
}
